package io.skein.runtime.log;

import io.skein.platform.auth.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Counts over the log. */
@ApplicationScoped
class EventStatistics {

    private static final int MAX_TYPES = 500;

    record TypeCount(String type, long count, long unhandled, Instant lastAt) {}

    record Statistics(
            Instant since,
            long total,
            long routed,
            long unhandled,
            long pending,
            Map<String, Long> byPriority,
            List<TypeCount> byType) {}

    List<TypeCount> types(Handle handle, Visibility visibility, Instant since) {
        return handle.createQuery("""
                        SELECT type, count(*) AS events, count(*) FILTER (WHERE routing = 'unhandled') AS unhandled,
                               max(received_at) AS last_at
                        FROM event_log
                        WHERE (CAST(:team AS text) IS NULL OR team = :team)
                          AND (CAST(:person AS text) IS NULL OR owner IS NULL OR owner = :person)
                          AND received_at >= :since
                        GROUP BY type ORDER BY type LIMIT :limit""")
                .bind("team", visibility.team())
                .bind("person", visibility.person())
                .bind("since", EventLog.utc(since))
                .bind("limit", MAX_TYPES)
                .map((rs, ctx) -> new TypeCount(
                        rs.getString("type"),
                        rs.getLong("events"),
                        rs.getLong("unhandled"),
                        rs.getObject("last_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    Statistics statistics(Handle handle, Visibility visibility, Instant since) {
        Map<String, Long> byPriority = new LinkedHashMap<>();
        List.of("critical", "high", "normal", "low").forEach(priority -> byPriority.put(priority, 0L));
        Map<String, Long> byRouting = new LinkedHashMap<>();
        handle.createQuery("""
                        SELECT priority, routing, count(*) AS events FROM event_log
                        WHERE (CAST(:team AS text) IS NULL OR team = :team)
                          AND (CAST(:person AS text) IS NULL OR owner IS NULL OR owner = :person)
                          AND received_at >= :since
                        GROUP BY priority, routing""")
                .bind("team", visibility.team())
                .bind("person", visibility.person())
                .bind("since", EventLog.utc(since))
                .map((rs, ctx) -> {
                    byPriority.merge(rs.getString("priority"), rs.getLong("events"), Long::sum);
                    return byRouting.merge(rs.getString("routing"), rs.getLong("events"), Long::sum);
                })
                .list();
        return new Statistics(
                since,
                byRouting.values().stream().mapToLong(Long::longValue).sum(),
                byRouting.getOrDefault("routed", 0L),
                byRouting.getOrDefault("unhandled", 0L),
                byRouting.getOrDefault("pending", 0L),
                byPriority,
                types(handle, visibility, since));
    }
}
