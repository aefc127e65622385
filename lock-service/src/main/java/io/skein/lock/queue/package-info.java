/** Who waits for what, in which order. Knows claims; knows nothing about leases. */
package io.skein.lock.queue;
