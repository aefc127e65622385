/** Grants, renews, ends and hands over locks. Depends on claims and on the queue. */
package io.skein.lock.lease;
