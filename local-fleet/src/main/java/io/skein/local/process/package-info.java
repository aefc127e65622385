/**
 * Operating-system processes that outlive this one: starting, finding again, stopping, and the ports they listen on.
 * Knows nothing about what the processes are.
 */
package io.skein.local.process;
