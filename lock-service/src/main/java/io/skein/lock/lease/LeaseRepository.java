package io.skein.lock.lease;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.lock.claim.Claim;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * Leases in PostgreSQL. What changes them is one statement each, which is a transaction by itself: a function of V2. Time is the
 * database's: it is the one clock all replicas share.
 */
@ApplicationScoped
class LeaseRepository {

    private static final String REMAINING = ".expires_at - clock_timestamp()) * 1000) AS bigint) AS remaining_millis";
    private static final String LEASE = "SELECT l.*, CAST(floor(extract(epoch FROM l" + REMAINING;
    private static final String SELECT = LEASE + " FROM lease l ";
    private static final String ANSWERS =
            "SELECT a.kind, a.ahead, (a.l).*, CAST(floor(extract(epoch FROM (a.l)" + REMAINING + " FROM ";

    /** Makes sure the resources have rows. By itself, so that nobody waits for another's insert while holding row locks. */
    void ensure(Jdbi jdbi, String team, List<String> names) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO resource (team, name)
                        SELECT :team, n FROM unnest(:names) AS n ORDER BY n COLLATE "C"
                        ON CONFLICT DO NOTHING""")
                .bind("team", team)
                .bindArray("names", String.class, names)
                .execute());
    }

    /**
     * Grants, queues or refuses.
     *
     * @param id of the lease or the place it may become
     * @param attention how long a place counts after somebody was last heard of
     */
    List<Answer> claim(Jdbi jdbi, UUID id, Claim claim, Patience patience, Duration attention, String replica) {
        return jdbi.withHandle(handle -> claim(handle, id, claim, patience, attention, replica));
    }

    final List<Answer> claim(
            Handle handle, UUID id, Claim claim, Patience patience, Duration attention, String replica) {
        return answers(handle.createQuery(ANSWERS + """
                        claim(:id, :team, :names, :owner, :ownerType, :actor, CAST(:priority AS smallint), :request, :ttl,
                              CAST(:metadata AS jsonb), :trace, :wait, :queue, make_interval(secs => :attention), :replica) AS a""")
                .bind("id", id)
                .bind("team", claim.team())
                .bindArray("names", String.class, claim.resources())
                .bind("owner", claim.ownerId())
                .bind("ownerType", claim.ownerType())
                .bind("actor", claim.actor())
                .bind("priority", claim.rank())
                .bind("request", claim.requestId())
                .bind("ttl", (int) claim.ttl().toSeconds())
                .bind("metadata", claim.metadata() == null ? null : WireFormat.writeString(claim.metadata()))
                .bind("trace", claim.traceId())
                .bind("wait", seconds(patience.call()))
                .bind("queue", seconds(patience.queue()))
                .bind("attention", seconds(attention))
                .bind("replica", replica));
    }

    List<Answer> renew(Handle handle, UUID id, Duration ttl, LeaseService.Person person) {
        return answers(handle.createQuery(ANSWERS + "renew(:id, :ttl, :actor, :team, :trace) AS a")
                .bind("id", id)
                .bind("ttl", (int) ttl.toSeconds())
                .bind("actor", person.actor())
                .bind("team", person.team())
                .bind("trace", person.traceId()));
    }

    List<Answer> release(Handle handle, UUID id, LeaseService.Person person, String reason, String replica) {
        return answers(
                handle.createQuery(ANSWERS + "release(:id, :actor, :team, :admin, :reason, :trace, :replica) AS a")
                        .bind("id", id)
                        .bind("actor", person.actor())
                        .bind("team", person.team())
                        .bind("admin", person.admin())
                        .bind("reason", reason)
                        .bind("trace", person.traceId())
                        .bind("replica", replica));
    }

    /** Serves the first of each of these queues that can be served. */
    List<Answer> serve(Handle handle, String team, List<String> names, String replica) {
        return answers(handle.createQuery(ANSWERS + "serve(:team, :names, :replica) AS a")
                .bind("team", team)
                .bindArray("names", String.class, names)
                .bind("replica", replica));
    }

    List<Answer> leave(Handle handle, UUID waiter, LeaseService.Person person, String replica) {
        return answers(handle.createQuery(ANSWERS + "leave(:id, :actor, :team, :admin, :replica) AS a")
                .bind("id", waiter)
                .bind("actor", person.actor())
                .bind("team", person.team())
                .bind("admin", person.admin())
                .bind("replica", replica));
    }

    /** Whose turn it seems to be although nobody was told. */
    List<Answer> overdue(Handle handle) {
        return answers(handle.createQuery(ANSWERS + "overdue() AS a"));
    }

    /** Ends up to 200 leases whose time is over and that no other replica is just ending. */
    List<Lease> sweep(Handle handle) {
        return handle.createQuery(LEASE + " FROM sweep() AS l")
                .map((row, ctx) -> lease(row))
                .list();
    }

    Optional<Lease> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE l.id = :id")
                .bind("id", id)
                .map((row, ctx) -> lease(row))
                .findOne();
    }

    /** A lease with how it stands at this moment: one that is held and over is expired, noticed or not. */
    Optional<Lease> now(Handle handle, UUID id) {
        return handle.createQuery(LEASE + ", l.expires_at <= clock_timestamp() AS over FROM lease l WHERE l.id = :id")
                .bind("id", id)
                .map((row, ctx) -> {
                    Lease lease = lease(row);
                    boolean over = lease.status() == Lease.Status.HELD && row.getBoolean("over");
                    return over ? lease.as(Lease.Status.EXPIRED) : lease;
                })
                .findOne();
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

    /** Who holds a resource now. */
    Optional<Lease> holder(Handle handle, String team, String name) {
        return handle.createQuery(SELECT + """
                        JOIN resource s ON s.lease_id = l.id WHERE s.team = :team AND s.name = :name
                        AND l.ended_at IS NULL AND l.expires_at > clock_timestamp()""")
                .bind("team", team)
                .bind("name", name)
                .map((row, ctx) -> lease(row))
                .findOne();
    }

    /** The last token given out for a resource, 0 when there was none. */
    long token(Handle handle, String team, String name) {
        return handle.createQuery("SELECT fencing_token FROM resource WHERE team = :team AND name = :name")
                .bind("team", team)
                .bind("name", name)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    long countHeld(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM lease WHERE status = 'held' AND expires_at > clock_timestamp()")
                .mapTo(Long.class)
                .one();
    }

    /** Ids are in the order of time, to within the clocks of the replicas; the end is looked at besides. */
    void forgetEndedFor(Handle handle, Duration history) {
        handle.createUpdate("""
                        DELETE FROM lease WHERE id IN (
                          SELECT l.id FROM lease l WHERE l.id < CAST(lpad(to_hex(CAST(extract(epoch FROM
                            clock_timestamp() - make_interval(secs => :history)) * 1000 AS bigint)), 12, '0')
                            || '00000000000000000000' AS uuid)
                          AND l.ended_at < clock_timestamp() - make_interval(secs => :history) ORDER BY l.id LIMIT 5000)""").bind("history", seconds(history)).execute();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static List<Answer> answers(Query query) {
        return query.map((row, ctx) -> {
                    long ahead = row.getLong("ahead");
                    return new Answer(
                            Answer.Kind.fromWire(row.getString("kind")),
                            row.wasNull() ? -1 : ahead,
                            row.getObject("id") == null ? null : lease(row));
                })
                .list();
    }

    private static Lease lease(ResultSet row) throws SQLException {
        String status = row.getString("status");
        Integer ttl = row.getObject("ttl_seconds", Integer.class);
        Long remaining = row.getObject("remaining_millis", Long.class);
        return new Lease(
                row.getObject("id", UUID.class),
                status == null ? null : Lease.Status.fromWire(status),
                tokens(row),
                row.getString("team"),
                row.getString("owner_id"),
                row.getString("owner_type"),
                row.getString("actor"),
                Claim.priority(row.getInt("priority")),
                row.getString("request_id"),
                ttl,
                instant(row, "granted_at"),
                instant(row, "expires_at"),
                remaining == null || !"held".equals(status) ? null : Long.valueOf(Math.max(0, remaining)),
                instant(row, "ended_at"),
                row.getString("ended_by"),
                JsonColumn.read(row, "metadata", JsonNode.class));
    }

    private static TreeMap<String, Long> tokens(ResultSet row) throws SQLException {
        String[] names = (String[]) row.getArray("names").getArray();
        Array array = row.getArray("tokens");
        Long[] tokens = array == null ? null : (Long[]) array.getArray();
        TreeMap<String, Long> result = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            result.put(names[i], tokens == null ? null : tokens[i]);
        }
        return result;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
