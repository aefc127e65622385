/**
 * What every service does the same way. No domain types: a class belongs here only if it would be the same text in every
 * service. May depend on {@code skein-contracts} and nothing else of ours.
 */
package io.skein.platform;
