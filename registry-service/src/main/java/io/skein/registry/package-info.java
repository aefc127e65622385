/** The registry: what exists. Nodes, live agents and agent definitions; each in a package of its own. */
package io.skein.registry;
