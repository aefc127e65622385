package io.skein.registry.node;

import static io.skein.registry.node.NodeRepository.instant;
import static io.skein.registry.node.NodeRepository.utc;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.contracts.heartbeat.NodeHeartbeat.Gpu;
import io.skein.contracts.heartbeat.NodeHeartbeat.Resources;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** A node's figures over time, thinned out when written and again when read. */
@ApplicationScoped
class NodeHistory {

    /** One point of a plot: the mean over its bucket. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Point(
            Instant at,
            double cpuUsedFraction,
            Double load1,
            long memoryTotalBytes,
            long memoryAvailableBytes,
            Long vramTotalBytes,
            Long vramFreeBytes) {}

    /** Writes a point unless there is one younger than {@code interval}. */
    void note(Handle tx, String team, String name, Resources resources, Instant now, Duration interval) {
        tx.createUpdate("""
                        INSERT INTO node_history (team, name, at, cpu_used_fraction, load1, memory_total_bytes,
                                                  memory_available_bytes, vram_total_bytes, vram_free_bytes)
                        SELECT :team, :name, :now, :cpu, CAST(:load AS double precision), :total, :available,
                               CAST(:vramTotal AS bigint), CAST(:vramFree AS bigint)
                        WHERE NOT EXISTS (SELECT 1 FROM node_history
                                          WHERE team = :team AND name = :name AND at > :since)
                        ON CONFLICT DO NOTHING""")
                .bind("team", team)
                .bind("name", name)
                .bind("now", utc(now))
                .bind("since", utc(now.minus(interval)))
                .bind("cpu", resources.cpuUsedFraction())
                .bind(
                        "load",
                        resources.loadAverages().isEmpty()
                                ? null
                                : resources.loadAverages().getFirst())
                .bind("total", resources.memoryTotalBytes())
                .bind("available", resources.memoryAvailableBytes())
                .bind("vramTotal", sum(resources, Gpu::vramTotalBytes))
                .bind("vramFree", sum(resources, Gpu::vramFreeBytes))
                .execute();
    }

    List<Point> read(Handle handle, String team, String name, Instant from, Duration bucket) {
        return handle.createQuery("""
                        SELECT date_bin(make_interval(secs => :bucket), at, TIMESTAMPTZ 'epoch') AS at,
                               avg(cpu_used_fraction) AS cpu, avg(load1) AS load1,
                               max(memory_total_bytes) AS total, CAST(avg(memory_available_bytes) AS bigint) AS available,
                               max(vram_total_bytes) AS vram_total, CAST(avg(vram_free_bytes) AS bigint) AS vram_free
                        FROM node_history WHERE team = :team AND name = :name AND at >= :from
                        GROUP BY 1 ORDER BY 1""")
                .bind("team", team)
                .bind("name", name)
                .bind("from", utc(from))
                .bind("bucket", (double) bucket.toSeconds())
                .map((rs, ctx) -> new Point(
                        instant(rs, "at"),
                        rs.getDouble("cpu"),
                        rs.getObject("load1", Double.class),
                        rs.getLong("total"),
                        rs.getLong("available"),
                        rs.getObject("vram_total", Long.class),
                        rs.getObject("vram_free", Long.class)))
                .list();
    }

    int deleteBefore(Handle tx, Instant limit) {
        return tx.createUpdate("DELETE FROM node_history WHERE at < :limit")
                .bind("limit", utc(limit))
                .execute();
    }

    /** Null when no GPU tells. */
    private static Long sum(Resources resources, Function<Gpu, Long> figure) {
        List<Long> known = resources.gpus().stream()
                .map(figure)
                .filter(bytes -> bytes != null)
                .toList();
        return known.isEmpty()
                ? null
                : known.stream().mapToLong(Long::longValue).sum();
    }
}
