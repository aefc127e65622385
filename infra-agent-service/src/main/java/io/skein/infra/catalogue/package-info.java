/**
 * The playbooks of the repository: found, read without running anything, digested, kept in PostgreSQL. Depends on
 * {@code agent}; its domain classes know neither HTTP nor SQL.
 */
package io.skein.infra.catalogue;
