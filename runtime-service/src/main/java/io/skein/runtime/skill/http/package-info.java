/** HTTP calls to where the definition and the operator both allow. */
package io.skein.runtime.skill.http;
