/** How messages become bytes and back. */
package io.skein.contracts.wire;
