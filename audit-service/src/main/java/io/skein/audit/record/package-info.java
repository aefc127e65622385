/**
 * Records of finished tasks: written to PostgreSQL with their entry, committed to git afterwards. Depends on entries.
 */
package io.skein.audit.record;
