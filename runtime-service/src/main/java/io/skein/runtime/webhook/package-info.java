/** Doors for others: what monitoring systems, code hosts and scripts deliver becomes events. Depends on what may be published. */
package io.skein.runtime.webhook;
