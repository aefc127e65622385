/** Finds out which agents an event wakes, by asking the registry. Depends on the log; nothing depends on it. */
package io.skein.runtime.routing;
