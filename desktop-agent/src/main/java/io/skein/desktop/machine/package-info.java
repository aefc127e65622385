/** Reads the machine: processors, load, memory, file systems. Knows OSHI; knows nothing of brokers. */
package io.skein.desktop.machine;
