/** The inventories of the repository, as ansible-inventory reads them. Depends on {@code agent} and {@code catalogue}'s file access. */
package io.skein.infra.inventory;
