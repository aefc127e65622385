/** What a task does next: by its agent's rules, or by a model. Knows steps and skills' names, not how either is kept or run. */
package io.skein.runtime.course;
