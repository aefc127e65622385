/** The desktop agent: its configuration and what ties its parts together. Depends on nothing but the wire contracts. */
package io.skein.desktop;
