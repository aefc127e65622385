/**
 * The heartbeat's way out: sampled by one thread, published by another, with room for exactly one in between, so that a broker
 * that is away costs neither memory nor a late sample.
 */
package io.skein.desktop.heartbeat;
