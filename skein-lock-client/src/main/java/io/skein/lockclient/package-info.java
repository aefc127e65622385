/**
 * The lock service, for programs: {@link io.skein.lockclient.LockClient} takes a lock and keeps it while a block of code runs;
 * {@link io.skein.lockclient.LockCalls} are the single calls, for those whose locks outlive a process.
 *
 * <p>The JDK's HTTP client and Jackson, nothing else: no framework, and nothing of the fleet.
 */
package io.skein.lockclient;
