/** Secrets at rest. */
package io.skein.platform.secret;
