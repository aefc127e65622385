package io.skein.runtime.instance;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** The runtime at a glance. */
@ApplicationScoped
class RuntimeStatus {

    /**
     * @param instances by state; stopped ones are not counted
     * @param tasks unfinished ones by status
     * @param replicas how many processes work for these instances at the moment
     */
    public record Counts(Map<String, Long> instances, Map<String, Long> tasks, long replicas) {}

    private final Jdbi jdbi;

    @Inject
    RuntimeStatus(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** @param team null for all */
    Counts counts(String team) {
        return jdbi.inTransaction(tx -> {
            Map<String, Long> instances = zeros(List.of("idle", "running", "paused", "error"));
            tx.createQuery("""
                            SELECT state, EXISTS (SELECT 1 FROM task t WHERE t.instance_id = i.id
                              AND t.status IN ('running', 'waiting')) AS busy, count(*) AS number
                            FROM instance i WHERE state <> 'stopped' AND (CAST(:team AS text) IS NULL OR team = :team)
                            GROUP BY 1, 2""")
                    .bind("team", team)
                    .map((row, context) -> instances.merge(
                            InstanceRepository.state(row.getString("state"), row.getBoolean("busy"))
                                    .wire(),
                            row.getLong("number"),
                            Long::sum))
                    .list();
            Map<String, Long> tasks = zeros(List.of("queued", "running", "waiting"));
            tx.createQuery("""
                            SELECT status, count(*) AS number FROM task
                            WHERE status IN ('queued', 'running', 'waiting') AND (CAST(:team AS text) IS NULL OR team = :team)
                            GROUP BY status""")
                    .bind("team", team)
                    .map((row, context) -> tasks.merge(row.getString("status"), row.getLong("number"), Long::sum))
                    .list();
            long replicas =
                    tx.createQuery("""
                            SELECT count(DISTINCT holder) FROM instance
                            WHERE lease_until > clock_timestamp() AND (CAST(:team AS text) IS NULL OR team = :team)""").bind("team", team).mapTo(Long.class).one();
            return new Counts(instances, tasks, replicas);
        });
    }

    private static Map<String, Long> zeros(List<String> keys) {
        Map<String, Long> counts = new LinkedHashMap<>();
        keys.forEach(key -> counts.put(key, 0L));
        return counts;
    }
}
