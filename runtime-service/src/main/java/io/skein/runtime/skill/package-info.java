/** What agents can do. A skill knows nothing of tasks and instances: it is called, and says what became of it. */
package io.skein.runtime.skill;
