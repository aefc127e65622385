package io.skein.lock.queue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.Ids;
import io.skein.contracts.wire.WireFormat;
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

/** The queue in PostgreSQL. Time is the database's: it is the one clock all replicas share. */
@ApplicationScoped
public class QueueRepository {

    /** How long a waiter counts after its process was last heard of. */
    private static final String ALIVE = "clock_timestamp() + interval '3 seconds'";

    private static final String SELECT = """
            SELECT w.*, (SELECT array_agg(r.name ORDER BY r.name) FROM waiter_resource r WHERE r.waiter_id = w.id) AS names
            FROM waiter w
            """;

    /** Somebody that still waits and whose process is alive. */
    private static final String WAITING = "w.lease_id IS NULL AND w.alive_until > clock_timestamp()";

    /** Joins the queue; call it under the row locks of the claim's resources, or the order of arrival is not the order seen. */
    public UUID add(Handle tx, Claim claim, Duration patience) {
        UUID id = Ids.next();
        tx.createUpdate("""
                        INSERT INTO waiter (id, team, owner_id, owner_type, actor, priority, request_id, ttl_seconds,
                                            metadata, trace_id, arrived_at, wait_until, alive_until)
                        VALUES (:id, :team, :owner, :ownerType, :actor, :priority, :request, :ttl,
                                CAST(:metadata AS jsonb), :trace, clock_timestamp(), clock_timestamp() + make_interval(secs => :patience), %s)""".formatted(ALIVE))
                .bind("id", id)
                .bind("team", claim.team())
                .bind("owner", claim.ownerId())
                .bind("ownerType", claim.ownerType())
                .bind("actor", claim.actor())
                .bind("priority", claim.rank())
                .bind("request", claim.requestId())
                .bind("ttl", claim.ttl().toSeconds())
                .bind("metadata", claim.metadata() == null ? null : WireFormat.writeString(claim.metadata()))
                .bind("trace", claim.traceId())
                .bind("patience", (double) patience.toSeconds())
                .execute();
        tx.createUpdate("INSERT INTO waiter_resource (waiter_id, team, name) SELECT :id, :team, unnest(:names)")
                .bind("id", id)
                .bind("team", claim.team())
                .bindArray("names", String.class, claim.resources())
                .execute();
        return id;
    }

    /** The entry of a request that is repeated while it still waits; it keeps its place and waits as long as the new one wants. */
    public Optional<Waiter> rejoin(Handle tx, Claim claim, Duration patience) {
        return tx.createQuery("""
                        UPDATE waiter SET alive_until = %s,
                          wait_until = greatest(wait_until, clock_timestamp() + make_interval(secs => :patience))
                        WHERE team = :team AND owner_id = :owner AND request_id = :request AND lease_id IS NULL
                        RETURNING id""".formatted(ALIVE))
                .bind("team", claim.team())
                .bind("owner", claim.ownerId())
                .bind("request", claim.requestId())
                .bind("patience", (double) patience.toSeconds())
                .mapTo(UUID.class)
                .findOne()
                .flatMap(id -> find(tx, id));
    }

    public Optional<Waiter> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE w.id = :id")
                .bind("id", id)
                .map((row, ctx) -> waiter(row))
                .findOne();
    }

    /** Like {@link #find}, only if it still waits, and nobody else can decide about it until the transaction ends. */
    public Optional<Waiter> lockWaiting(Handle tx, UUID id) {
        return tx.createQuery(SELECT + "WHERE w.id = :id AND " + WAITING + " FOR UPDATE OF w")
                .bind("id", id)
                .map((row, ctx) -> waiter(row))
                .findOne();
    }

    /**
     * How many stand ahead of a place in the queue and want one of its resources.
     *
     * @param seq of the waiter itself; {@code Long.MAX_VALUE} for somebody who has just come
     */
    public long ahead(Handle tx, Claim claim, long seq) {
        return tx.createQuery("""
                        SELECT count(DISTINCT w.id) FROM waiter_resource r JOIN waiter w ON w.id = r.waiter_id
                        WHERE r.team = :team AND r.name = ANY(:names) AND (w.priority, w.seq) < (:priority, :seq) AND\s""" + WAITING)
                .bind("team", claim.team())
                .bindArray("names", String.class, claim.resources())
                .bind("priority", claim.rank())
                .bind("seq", seq)
                .mapTo(Long.class)
                .one();
    }

    /** Everybody who waits for one of these resources, first to be served first. */
    public List<Waiter> waitingFor(Handle handle, String team, List<String> names) {
        return handle.createQuery(SELECT + "WHERE " + WAITING
                        + " AND w.id IN (SELECT waiter_id FROM waiter_resource WHERE team = :team AND name = ANY(:names))"
                        + " ORDER BY w.priority, w.seq LIMIT 1000")
                .bind("team", team)
                .bindArray("names", String.class, names)
                .map((row, ctx) -> waiter(row))
                .list();
    }

    public void granted(Handle tx, UUID waiter, UUID lease) {
        tx.execute("UPDATE waiter SET lease_id = ? WHERE id = ?", lease, waiter);
    }

    /** Takes somebody out who still waits; false when it was served meanwhile or is not there. */
    public boolean remove(Handle tx, UUID id) {
        return tx.execute("DELETE FROM waiter WHERE id = ? AND lease_id IS NULL", id) == 1;
    }

    /** Takes somebody out whose time is over; false when it was served, is gone or was told to wait longer. */
    public boolean giveUp(Handle tx, UUID id) {
        return tx.execute(
                        "DELETE FROM waiter WHERE id = ? AND lease_id IS NULL"
                                + " AND wait_until <= clock_timestamp() + interval '100 milliseconds'",
                        id)
                == 1;
    }

    /** Says that these still wait, and tells which of them need not any more: served or gone. */
    public List<UUID> keepAlive(Handle handle, List<UUID> waiters) {
        List<UUID> waiting = handle.createQuery("UPDATE waiter SET alive_until = " + ALIVE
                        + " WHERE id = ANY(:ids) AND lease_id IS NULL RETURNING id")
                .bindArray("ids", UUID.class, waiters)
                .mapTo(UUID.class)
                .list();
        return waiters.stream().filter(id -> !waiting.contains(id)).toList();
    }

    /** Removes what nobody asks about any more. */
    public void sweep(Handle handle) {
        handle.execute("DELETE FROM waiter WHERE alive_until < clock_timestamp() - interval '60 seconds'");
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
                row.getObject("lease_id", UUID.class));
    }
}
