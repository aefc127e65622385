/** Entries of the hash chain: what they are, how they are hashed, written and found. Depends on redaction. */
package io.skein.audit.entry;
