/** Processes that take work: known by their heartbeats, judged by how their work ended. */
package io.skein.registry.live;
