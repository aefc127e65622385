package io.skein.runtime.log;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of events. */
@ApplicationScoped
public class EventLog {

    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    /** Adds them in their order, as one statement. */
    void append(Handle tx, List<LoggedEvent> events) throws SQLException {
        Connection connection = tx.getConnection();
        try (var statement = connection.prepareStatement("""
                INSERT INTO event_log (id, source, type, subject, priority, team, actor, plan_id, trace_id, owner, hops, time,
                                       received_at, data, routing, routed_to, routed_at)
                SELECT id, source, type, subject, priority, team, actor, plan_id, trace_id, owner, hops, time, received_at,
                       data::jsonb, routing, routed_to::jsonb, routed_at
                FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[],
                            ?::text[], ?::int[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                     AS event (id, source, type, subject, priority, team, actor, plan_id, trace_id, owner, hops, time,
                               received_at, data, routing, routed_to, routed_at)""")) {
            var columns = new Columns(connection, statement, events);
            columns.add("uuid", LoggedEvent::id);
            columns.add("text", LoggedEvent::source);
            columns.add("text", LoggedEvent::type);
            columns.add("text", LoggedEvent::subject);
            columns.add("text", event -> event.priority().wire());
            columns.add("text", LoggedEvent::team);
            columns.add("text", LoggedEvent::actor);
            columns.add("uuid", LoggedEvent::planId);
            columns.add("text", LoggedEvent::traceId);
            columns.add("text", LoggedEvent::owner);
            columns.add("int4", LoggedEvent::hops);
            columns.add("timestamptz", event -> utc(event.time()));
            columns.add("timestamptz", event -> utc(event.receivedAt()));
            columns.add("text", event -> Storable.json(event.data()));
            columns.add("text", event -> event.routing().wire());
            columns.add("text", event -> WireFormat.writeString(event.routedTo()));
            columns.add("timestamptz", event -> event.routedAt() == null ? null : utc(event.routedAt()));
            statement.executeUpdate();
        }
    }

    /** The parameters of a statement that takes each column as an array. */
    private static final class Columns {

        private final Connection connection;
        private final PreparedStatement statement;
        private final List<LoggedEvent> events;
        private int added;

        private Columns(Connection connection, PreparedStatement statement, List<LoggedEvent> events) {
            this.connection = connection;
            this.statement = statement;
            this.events = events;
        }

        private void add(String type, Function<LoggedEvent, Object> value) throws SQLException {
            Object[] values = events.stream().map(value).toArray();
            added++;
            statement.setArray(added, connection.createArrayOf(type, values));
        }
    }

    /** The oldest unrouted events of one priority that are later in the log than {@code after}. */
    public List<LoggedEvent> pending(Handle handle, Priority priority, long after, int limit) {
        return handle.createQuery("""
                        SELECT * FROM event_log WHERE routing = 'pending' AND priority = :priority AND seq > :after
                        ORDER BY seq LIMIT :limit""")
                .bind("priority", priority.wire())
                .bind("after", after)
                .bind("limit", limit)
                .map(EventLog::event)
                .list();
    }

    /** Writes down whom they wake; the result are those that no other replica was faster with. */
    public List<LoggedEvent> routed(Handle tx, List<LoggedEvent> decided) throws SQLException {
        Connection connection = tx.getConnection();
        try (var statement = connection.prepareStatement("""
                UPDATE event_log SET routing = decided.routing, routed_to = decided.routed_to::jsonb, routed_at = decided.routed_at
                FROM unnest(?::timestamptz[], ?::bigint[], ?::text[], ?::text[], ?::timestamptz[])
                     AS decided (received_at, seq, routing, routed_to, routed_at)
                WHERE event_log.received_at = decided.received_at AND event_log.seq = decided.seq
                  AND event_log.routing = 'pending' AND event_log.received_at BETWEEN ? AND ?
                RETURNING event_log.seq""")) {
            // In order, so that two routers with the same events wait for each other one way only.
            List<LoggedEvent> ordered = decided.stream()
                    .sorted(Comparator.comparingLong(LoggedEvent::seq))
                    .toList();
            var columns = new Columns(connection, statement, ordered);
            columns.add("timestamptz", event -> utc(event.receivedAt()));
            columns.add("bigint", LoggedEvent::seq);
            columns.add("text", event -> event.routing().wire());
            columns.add("text", event -> WireFormat.writeString(event.routedTo()));
            columns.add("timestamptz", event -> utc(event.routedAt()));
            statement.setObject(6, utc(edge(decided, BinaryOperator.minBy(Comparator.naturalOrder()))));
            statement.setObject(7, utc(edge(decided, BinaryOperator.maxBy(Comparator.naturalOrder()))));
            Set<Long> ours = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ours.add(rows.getLong(1));
                }
            }
            return decided.stream().filter(event -> ours.contains(event.seq())).toList();
        }
    }

    /** Takes back whom it was routed to: it led to nothing after all. In the transaction that routed it. */
    public void wokeNobody(Handle tx, LoggedEvent event) {
        tx.execute(
                "UPDATE event_log SET routing = 'unhandled', routed_to = '[]' WHERE received_at = ? AND id = ?",
                utc(event.receivedAt()),
                event.id());
    }

    private static Instant edge(List<LoggedEvent> events, BinaryOperator<Instant> which) {
        return events.stream().map(LoggedEvent::receivedAt).reduce(which).orElseThrow();
    }

    public long countPending(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM event_log WHERE routing = 'pending'")
                .mapTo(Long.class)
                .one();
    }

    /** The event, if it is there and this may see it. */
    Optional<LoggedEvent> find(Handle handle, UUID id, Visibility visibility) {
        return handle.createQuery("SELECT * FROM event_log WHERE id = :id ORDER BY received_at, seq LIMIT 1")
                .bind("id", id)
                .map(EventLog::event)
                .findFirst()
                .filter(event -> visibility.covers(event.team(), event.owner()));
    }

    /** What to list; null members do not narrow. {@code type} may end in {@code .*}. */
    record Filter(
            Visibility visibility, String type, Priority priority, UUID planId, Boolean handled, EventCursor after) {}

    /** Newest first. */
    List<LoggedEvent> list(Handle handle, Filter filter, int limit) {
        List<String> conditions = new ArrayList<>();
        if (filter.visibility().team() != null) {
            conditions.add("team = :team");
        }
        if (filter.visibility().person() != null) {
            conditions.add("(owner IS NULL OR owner = :person)");
        }
        if (filter.type() != null) {
            conditions.add(filter.type().endsWith(".*") ? "type LIKE :type" : "type = :type");
        }
        if (filter.priority() != null) {
            conditions.add("priority = :priority");
        }
        if (filter.planId() != null) {
            conditions.add("plan_id = :plan");
        }
        if (filter.handled() != null) {
            conditions.add(filter.handled() ? "routing = 'routed'" : "routing = 'unhandled'");
        }
        if (filter.after() != null) {
            // The second is implied by the first, and tells which days need no look.
            conditions.add("(received_at, seq) < (:afterTime, :afterSeq) AND received_at <= :afterTime");
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return handle.createQuery(
                        "SELECT * FROM event_log" + where + " ORDER BY received_at DESC, seq DESC LIMIT :limit")
                .bind("team", filter.visibility().team())
                .bind("person", filter.visibility().person())
                .bind("type", likePattern(filter.type()))
                .bind(
                        "priority",
                        filter.priority() == null ? null : filter.priority().wire())
                .bind("plan", filter.planId())
                .bind(
                        "afterTime",
                        filter.after() == null ? null : utc(filter.after().receivedAt()))
                .bind("afterSeq", filter.after() == null ? null : filter.after().seq())
                .bind("limit", limit)
                .configure(
                        org.jdbi.v3.core.statement.SqlStatements.class, config -> config.setUnusedBindingAllowed(true))
                .map(EventLog::event)
                .list();
    }

    private static String likePattern(String type) {
        if (type == null || !type.endsWith(".*")) {
            return type;
        }
        String prefix = type.substring(0, type.length() - 1);
        return prefix.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%") + "%";
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static LoggedEvent event(ResultSet rs, StatementContext ctx) throws SQLException {
        return new LoggedEvent(
                rs.getLong("seq"),
                rs.getObject("id", UUID.class),
                rs.getString("source"),
                rs.getString("type"),
                rs.getString("subject"),
                Priority.fromWire(rs.getString("priority")),
                rs.getString("team"),
                rs.getString("actor"),
                rs.getObject("plan_id", UUID.class),
                rs.getString("trace_id"),
                rs.getString("owner"),
                rs.getInt("hops"),
                instant(rs, "time"),
                instant(rs, "received_at"),
                JsonColumn.read(rs, "data", JsonNode.class),
                LoggedEvent.Routing.valueOf(rs.getString("routing").toUpperCase(java.util.Locale.ROOT)),
                JsonColumn.read(rs, "routed_to", STRINGS),
                instant(rs, "routed_at"),
                List.of());
    }
}
