/** Facts as CloudEvents. */
package io.skein.contracts.event;
