package io.skein.orchestrator.llm;

import java.util.UUID;

/**
 * For whom a model is asked, and who pays.
 *
 * @param person a user name, or {@code agent:<id>}
 * @param session null when there is none yet
 * @param plan null when it is about none
 */
public record Asker(String team, String person, UUID session, UUID plan, String traceId) {}
