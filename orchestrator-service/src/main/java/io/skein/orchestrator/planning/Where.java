package io.skein.orchestrator.planning;

import io.skein.orchestrator.infra.Inventory;
import java.util.Set;

/**
 * Where a clause wants to act.
 *
 * @param hosts the hosts named, or null for all of the inventory
 * @param source why, for a person
 */
record Where(Inventory inventory, Set<String> hosts, String source) {}
