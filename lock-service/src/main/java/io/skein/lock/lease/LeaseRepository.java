package io.skein.lock.lease;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.Ids;
import io.skein.contracts.wire.WireFormat;
import io.skein.lock.claim.Claim;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Leases in PostgreSQL. Time is the database's: it is the one clock all replicas share. */
@ApplicationScoped
class LeaseRepository {

    private static final String SELECT = """
            SELECT l.*, (SELECT jsonb_object_agg(r.name, r.fencing_token) FROM lease_resource r
                         WHERE r.lease_id = l.id) AS tokens FROM lease l
            """;

    private static final String OVER = "status = 'held' AND expires_at <= clock_timestamp()";

    /** Grants: raises the tokens and writes the lease. Only under the row locks of the claim's resources. */
    Lease insert(Handle tx, Claim claim) {
        UUID id = Ids.next();
        tx.createUpdate("""
                        INSERT INTO lease (id, team, owner_id, owner_type, actor, priority, request_id, ttl_seconds, metadata,
                                           trace_id, status, granted_at, expires_at)
                        SELECT :id, :team, :owner, :ownerType, :actor, :priority, :request, :ttl, CAST(:metadata AS jsonb),
                               :trace, 'held', t, t + make_interval(secs => :ttl) FROM clock_timestamp() AS t""")
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
                .execute();
        tx.createUpdate("""
                        WITH taken AS (
                          UPDATE resource SET fencing_token = fencing_token + 1, lease_id = :id
                          WHERE team = :team AND name = ANY(:names) RETURNING team, name, fencing_token)
                        INSERT INTO lease_resource (lease_id, team, name, fencing_token)
                        SELECT :id, team, name, fencing_token FROM taken""")
                .bind("id", id)
                .bind("team", claim.team())
                .bindArray("names", String.class, claim.resources())
                .execute();
        return find(tx, id).orElseThrow();
    }

    Optional<Lease> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE l.id = :id")
                .bind("id", id)
                .map((row, ctx) -> lease(row))
                .findOne();
    }

    /** Those of the given leases that are held and not over. */
    List<Lease> holding(Handle handle, List<UUID> ids) {
        return handle.createQuery(SELECT + """
                         WHERE l.id = ANY(:ids) AND l.status = 'held' AND l.expires_at > clock_timestamp() ORDER BY l.id""")
                .bindArray("ids", UUID.class, ids)
                .map((row, ctx) -> lease(row))
                .list();
    }

    /** The lock an earlier request with the same id got, if it still stands. */
    Optional<Lease> ofRequest(Handle tx, Claim claim) {
        return tx.createQuery(SELECT + """
                         WHERE l.team = :team AND l.owner_id = :owner AND l.request_id = :request
                        AND l.status = 'held' AND l.expires_at > clock_timestamp()""")
                .bind("team", claim.team())
                .bind("owner", claim.ownerId())
                .bind("request", claim.requestId())
                .map((row, ctx) -> lease(row))
                .findOne();
    }

    /** Every lease of that request that has not been ended, over or not; at most one. */
    List<UUID> idsOfRequest(Handle tx, Claim claim) {
        return tx.createQuery("SELECT id FROM lease WHERE team = :team AND owner_id = :owner AND request_id = :request"
                        + " AND status = 'held'")
                .bind("team", claim.team())
                .bind("owner", claim.ownerId())
                .bind("request", claim.requestId())
                .mapTo(UUID.class)
                .list();
    }

    /** Moves the end of a lease that is held and not over; false otherwise. */
    boolean renew(Handle tx, UUID id, Duration ttl) {
        return tx.createUpdate("""
                                UPDATE lease SET expires_at = clock_timestamp() + make_interval(secs => :ttl), ttl_seconds = :ttl
                                WHERE id = :id AND status = 'held' AND expires_at > clock_timestamp()""").bind("id", id).bind("ttl", ttl.toSeconds()).execute() == 1;
    }

    /** Ends a lease; false when it had ended before. */
    boolean end(Handle tx, UUID id, Lease.Status status, String by) {
        return tx.createUpdate("""
                                UPDATE lease SET status = :status, ended_at = clock_timestamp(), ended_by = :by
                                WHERE id = :id AND status = 'held'""")
                        .bind("id", id)
                        .bind("status", status.wire())
                        .bind("by", by)
                        .execute()
                == 1;
    }

    /** Ends those of the given leases whose time is over; decided anew on each row, so a renewal that came first wins. */
    List<Lease> expire(Handle tx, List<UUID> ids) {
        return expired(
                tx,
                tx.createQuery(
                                "UPDATE lease SET status = 'expired', ended_at = clock_timestamp() WHERE id = ANY(:ids) AND "
                                        + OVER + " RETURNING id")
                        .bindArray("ids", UUID.class, ids)
                        .mapTo(UUID.class)
                        .list());
    }

    /** Ends up to 200 leases whose time is over and that no other replica is just ending. */
    List<Lease> expireAny(Handle tx) {
        return expired(tx, tx.createQuery("""
                                UPDATE lease SET status = 'expired', ended_at = clock_timestamp() WHERE id IN (
                                  SELECT id FROM lease WHERE %s ORDER BY expires_at LIMIT 200 FOR UPDATE SKIP LOCKED)
                                RETURNING id""".formatted(OVER)).mapTo(UUID.class).list());
    }

    private List<Lease> expired(Handle tx, List<UUID> ids) {
        return ids.isEmpty()
                ? List.of()
                : tx.createQuery(SELECT + "WHERE l.id = ANY(:ids) ORDER BY l.id")
                        .bindArray("ids", UUID.class, ids)
                        .map((row, ctx) -> lease(row))
                        .list();
    }

    /**
     * Who could be served now: all resources free (or held by a lease that has run out) and nobody ahead who wants one of them.
     * A hint; the decision is taken under row locks.
     */
    List<UUID> servable(Handle handle) {
        return handle.createQuery("""
                        SELECT w.id FROM waiter w WHERE w.lease_id IS NULL AND w.alive_until > clock_timestamp()
                        AND NOT EXISTS (
                          SELECT 1 FROM waiter_resource r
                          JOIN resource s ON s.team = r.team AND s.name = r.name
                          JOIN lease l ON l.id = s.lease_id
                          WHERE r.waiter_id = w.id AND l.status = 'held' AND l.expires_at > clock_timestamp())
                        AND NOT EXISTS (
                          SELECT 1 FROM waiter_resource r
                          JOIN waiter_resource q ON q.team = r.team AND q.name = r.name
                          JOIN waiter o ON o.id = q.waiter_id
                          WHERE r.waiter_id = w.id AND (o.priority, o.seq) < (w.priority, w.seq)
                          AND o.lease_id IS NULL AND o.alive_until > clock_timestamp())
                        ORDER BY w.priority, w.seq LIMIT 200""").mapTo(UUID.class).list();
    }

    /** Held locks, newest first; {@code team} null for all. */
    List<Lease> list(Handle handle, String team, String owner, UUID after, int limit) {
        return handle.createQuery(SELECT + """
                         WHERE l.status = 'held' AND l.expires_at > clock_timestamp()
                        AND (CAST(:team AS text) IS NULL OR l.team = :team)
                        AND (CAST(:owner AS text) IS NULL OR l.owner_id = :owner)
                        AND (CAST(:after AS uuid) IS NULL OR l.id < CAST(:after AS uuid)) ORDER BY l.id DESC LIMIT :limit""")
                .bind("team", team)
                .bind("owner", owner)
                .bindByType("after", after, UUID.class)
                .bind("limit", limit)
                .map((row, ctx) -> lease(row))
                .list();
    }

    /** The last token given out for a resource, 0 when there was none, and the lease it was given to. */
    Optional<Token> token(Handle handle, String team, String name) {
        return handle.createQuery("SELECT fencing_token, lease_id FROM resource WHERE team = :team AND name = :name")
                .bind("team", team)
                .bind("name", name)
                .map((row, ctx) -> new Token(row.getLong(1), row.getObject(2, UUID.class)))
                .findOne();
    }

    record Token(long value, UUID leaseId) {}

    long countHeld(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM lease WHERE status = 'held' AND expires_at > clock_timestamp()")
                .mapTo(Long.class)
                .one();
    }

    void forgetEndedBefore(Handle handle, Instant instant) {
        handle.createUpdate("DELETE FROM lease WHERE id IN (SELECT id FROM lease WHERE status <> 'held'"
                        + " AND ended_at < :instant LIMIT 5000)")
                .bind("instant", instant.atOffset(ZoneOffset.UTC))
                .execute();
    }

    private static Lease lease(ResultSet row) throws SQLException {
        OffsetDateTime endedAt = row.getObject("ended_at", OffsetDateTime.class);
        return new Lease(
                row.getObject("id", UUID.class),
                Lease.Status.fromWire(row.getString("status")),
                JsonColumn.read(row, "tokens", new TypeReference<TreeMap<String, Long>>() {}),
                row.getString("team"),
                row.getString("owner_id"),
                row.getString("owner_type"),
                row.getString("actor"),
                Claim.priority(row.getInt("priority")),
                row.getString("request_id"),
                row.getObject("granted_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                endedAt == null ? null : endedAt.toInstant(),
                row.getString("ended_by"),
                JsonColumn.read(row, "metadata", JsonNode.class));
    }
}
