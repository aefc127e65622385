/** Finds out whether somebody changed the evidence. Depends on entries and on what git says about the chain. */
package io.skein.audit.chain;
