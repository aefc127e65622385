/** Database access: Jdbi, jsonb, keyset pages. */
package io.skein.platform.persistence;
