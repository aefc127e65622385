/**
 * What happened, provably. Every event of the fleet becomes an entry of a hash chain in PostgreSQL; the record of every finished
 * task becomes a commit in a git repository, and the commit carries the head of the chain.
 */
package io.skein.audit;
