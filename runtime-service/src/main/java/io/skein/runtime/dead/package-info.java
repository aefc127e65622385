/**
 * The fleet's dead letters: kept in the database, listed, given back to the queue they died in, thrown away. Depends on no other
 * feature. Nothing in a dead letter is believed; who reads a replayed one checks its sender like the first time.
 */
package io.skein.runtime.dead;
