package io.skein.registry.live;

import java.time.Instant;
import java.util.List;

/**
 * An agent process. Online while heartbeats come; offline after three missed ones (at least 30 s) or a goodbye.
 *
 * @param tasks pieces of work that ended
 * @param successRate share of them that completed, 0..1; null while there are none
 */
public record LiveAgent(
        String agentId,
        String agentType,
        String node,
        String team,
        String version,
        List<String> capabilities,
        int slots,
        int busy,
        boolean online,
        String offlineReason,
        Instant lastHeartbeatAt,
        long tasks,
        Double successRate) {}
