package io.skein.lock.queue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.lock.claim.Claim;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The queue in PostgreSQL, read and looked after. Who comes in and who is served is decided in the functions of V2. Time is the
 * database's: it is the one clock all replicas share.
 */
@ApplicationScoped
public class QueueRepository {

    /** A waiter and how many stand before it. */
    public record Standing(Waiter waiter, long ahead) {}

    public Optional<Standing> find(Handle handle, UUID id) {
        return handle.createQuery(
                        "SELECT w.*, ahead_of(w.team, w.names, w.priority, w.seq) AS ahead FROM waiter w WHERE w.id = :id")
                .bind("id", id)
                .map((row, ctx) -> new Standing(waiter(row), row.getLong("ahead")))
                .findOne();
    }

    /** Everybody who counts and waits for this resource, first to be served first. */
    public List<Waiter> waitingFor(Handle handle, String team, String name) {
        return handle.createQuery("""
                        SELECT w.* FROM waiter_resource q JOIN waiter w ON w.id = q.waiter_id
                        WHERE q.team = :team AND q.name = :name AND w.alive_until > clock_timestamp()
                        ORDER BY q.priority, q.seq LIMIT 1000""")
                .bind("team", team)
                .bind("name", name)
                .map((row, ctx) -> waiter(row))
                .list();
    }

    /**
     * The caller stops waiting.
     *
     * @return true when the place is kept, because it may wait longer and somebody can come back for it
     */
    public boolean keep(Handle handle, UUID id) {
        return handle.execute(
                        "UPDATE waiter SET alive_until = clock_timestamp() + attention"
                                + " WHERE id = ? AND wait_until > clock_timestamp() + interval '100 milliseconds'",
                        id)
                == 1;
    }

    /** Takes somebody out whose time is over; empty when it was served, is gone or was told to wait longer. */
    public Optional<Waiter> giveUp(Handle handle, UUID id) {
        return handle.createQuery("DELETE FROM waiter WHERE id = :id"
                        + " AND wait_until <= clock_timestamp() + interval '100 milliseconds' RETURNING *")
                .bind("id", id)
                .map((row, ctx) -> waiter(row))
                .findOne();
    }

    /** Its caller has gone for good. */
    public Optional<Waiter> remove(Handle handle, UUID id) {
        return handle.createQuery("DELETE FROM waiter WHERE id = :id RETURNING *")
                .bind("id", id)
                .map((row, ctx) -> waiter(row))
                .findOne();
    }

    /**
     * Says that callers of this replica wait for these. Writes only when two thirds of the attention are left, or less, and as long as
     * the place can count longer, and waits for nobody: who serves several of them locks them in another order.
     */
    public void keepAlive(Handle handle, String replica, List<UUID> waiters) {
        handle.createUpdate("""
                        UPDATE waiter SET alive_until = clock_timestamp() + attention, replica = :replica WHERE id IN (
                          SELECT w.id FROM waiter w WHERE w.id = ANY (:ids)
                          AND (w.alive_until < least(clock_timestamp() + w.attention * 2 / 3, w.wait_until)
                            OR w.replica <> :replica)
                          FOR UPDATE SKIP LOCKED)""")
                .bind("replica", replica)
                .bindArray("ids", UUID.class, waiters)
                .execute();
    }

    /** Which of them do not wait any more: served, gone, or their time is over. */
    public List<UUID> decided(Handle handle, List<UUID> waiters) {
        return handle.createQuery(
                        "SELECT u.id FROM unnest(CAST(:ids AS uuid[])) AS u (id)"
                                + " WHERE NOT EXISTS (SELECT 1 FROM waiter w WHERE w.id = u.id AND w.wait_until > clock_timestamp())")
                .bindArray("ids", UUID.class, waiters)
                .mapTo(UUID.class)
                .list();
    }

    /** Removes what nobody came back for. */
    public void sweep(Handle handle) {
        handle.execute("""
                DELETE FROM waiter WHERE id IN (
                  SELECT id FROM waiter WHERE alive_until < clock_timestamp() - interval '60 seconds'
                  OR wait_until < clock_timestamp() - interval '60 seconds' FOR UPDATE SKIP LOCKED)""");
    }

    private static Waiter waiter(ResultSet row) throws SQLException {
        Claim claim = new Claim(
                row.getString("team"),
                List.of((String[]) row.getArray("names").getArray()),
                row.getString("owner_id"),
                row.getString("owner_type"),
                row.getString("actor"),
                row.getString("trace_id"),
                Claim.priority(row.getInt("priority")),
                Duration.ofSeconds(row.getInt("ttl_seconds")),
                row.getString("request_id"),
                JsonColumn.read(row, "metadata", JsonNode.class));
        return new Waiter(
                row.getObject("id", UUID.class),
                row.getLong("seq"),
                claim,
                row.getObject("arrived_at", OffsetDateTime.class).toInstant(),
                row.getObject("wait_until", OffsetDateTime.class).toInstant());
    }
}
