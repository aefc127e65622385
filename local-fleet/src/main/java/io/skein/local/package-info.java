/**
 * The one-machine runner behind {@code ./skein}: its command line, where it keeps its files and how it says no.
 *
 * <p>Everything it starts outlives it. What is running is known from the process table under {@code run/} alone, so two
 * calls, or a call after a crash, see the same picture.
 */
package io.skein.local;
