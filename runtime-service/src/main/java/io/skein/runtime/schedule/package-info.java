/** Events that come by the clock. Depends on what may be published; nothing depends on it. */
package io.skein.runtime.schedule;
