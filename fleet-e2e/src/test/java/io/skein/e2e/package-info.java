/**
 * The packaged services together, on one machine, as {@code ./skein up} runs them. Nothing here knows the insides of a service:
 * the tests use the command line, the public API and a browser, and look at the file system, git and the process table.
 */
package io.skein.e2e;
