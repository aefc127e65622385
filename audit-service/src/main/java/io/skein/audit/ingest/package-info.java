/** Every event of the fleet becomes an entry, and a record when it ends a task. Depends on entries and records. */
package io.skein.audit.ingest;
