/**
 * The contracts between Skein's services. Everything here travels over the wire or names something that does; changes are
 * additive only, and a sample of every released version stays under {@code src/test/resources/golden} and is parsed by the
 * tests for as long as anybody may still send it.
 */
package io.skein.contracts;
