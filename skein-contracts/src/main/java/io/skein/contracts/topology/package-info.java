/** Exchanges, queues and bindings of the broker. */
package io.skein.contracts.topology;
