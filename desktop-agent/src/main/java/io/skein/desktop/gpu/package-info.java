/** What graphics processors the machine has and how much of their memory is free. Asks the vendor's tool, else OSHI. */
package io.skein.desktop.gpu;
