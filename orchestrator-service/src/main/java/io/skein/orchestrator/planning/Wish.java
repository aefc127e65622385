package io.skein.orchestrator.planning;

import java.util.UUID;

/**
 * What is asked for, by whom and where.
 *
 * @param inventory name or path of the inventory to use, or null
 */
public record Wish(String text, String team, UUID sessionId, String inventory) {}
