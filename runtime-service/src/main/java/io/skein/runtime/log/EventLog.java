package io.skein.runtime.log;

import static io.skein.platform.persistence.JsonColumn.jsonb;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of events. */
@ApplicationScoped
public class EventLog {

    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    /** An escaped NUL that is not itself behind an escaped backslash. */
    private static final Pattern NUL = Pattern.compile("((?<!\\\\)(?:\\\\\\\\)*)\\\\u0000");

    /** False when it was logged before. */
    boolean append(Handle tx, SkeinEvent event, Instant receivedAt) {
        return tx.createUpdate("""
                        INSERT INTO event_log (id, source, type, subject, priority, team, actor, plan_id, trace_id, owner, hops, time,
                                               received_at, data)
                        VALUES (:id, :source, :type, :subject, :priority, :team, :actor, :plan, :trace, :owner, :hops, :time, :received,
                                :data)
                        ON CONFLICT (id) DO NOTHING""")
                        .bind("id", event.id())
                        .bind("source", storable(event.source()))
                        .bind("type", storable(event.type()))
                        .bind("subject", storable(event.subject()))
                        .bind("priority", event.priority().wire())
                        .bind("team", event.team() == null ? "default" : storable(event.team()))
                        .bind("actor", storable(event.actor()))
                        .bind("plan", event.planid())
                        .bind("trace", storable(event.traceid()))
                        .bind("owner", storable(event.owner()))
                        .bind("hops", event.hops() == null ? 0 : event.hops())
                        .bind("time", utc(event.time()))
                        .bind("received", utc(receivedAt))
                        .bind("data", jsonb(storable(event.data())))
                        .execute()
                == 1;
    }

    /** The oldest unrouted events of one priority. */
    public List<LoggedEvent> pending(Handle handle, Priority priority, int limit) {
        return handle.createQuery("""
                        SELECT * FROM event_log WHERE routing = 'pending' AND priority = :priority
                        ORDER BY seq LIMIT :limit""")
                .bind("priority", priority.wire())
                .bind("limit", limit)
                .map(EventLog::event)
                .list();
    }

    /** False when another replica was faster. */
    public boolean routed(Handle tx, long seq, List<String> agents, Instant now) {
        return tx.createUpdate("""
                        UPDATE event_log SET routing = :routing, routed_to = :agents, routed_at = :now
                        WHERE seq = :seq AND routing = 'pending'""")
                        .bind("routing", agents.isEmpty() ? "unhandled" : "routed")
                        .bind("agents", jsonb(agents))
                        .bind("now", utc(now))
                        .bind("seq", seq)
                        .execute()
                == 1;
    }

    public long countPending(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM event_log WHERE routing = 'pending'")
                .mapTo(Long.class)
                .one();
    }

    int deleteBefore(Handle tx, Instant limit) {
        return tx.createUpdate("DELETE FROM event_log WHERE received_at < :limit AND routing <> 'pending'")
                .bind("limit", utc(limit))
                .execute();
    }

    /** What to list; null members do not narrow. {@code type} may end in {@code .*}. */
    record Filter(Visibility visibility, String type, Priority priority, UUID planId, Boolean handled, Long after) {}

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
            conditions.add("seq < :after");
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return handle.createQuery("SELECT * FROM event_log" + where + " ORDER BY seq DESC LIMIT :limit")
                .bind("team", filter.visibility().team())
                .bind("person", filter.visibility().person())
                .bind("type", likePattern(filter.type()))
                .bind(
                        "priority",
                        filter.priority() == null ? null : filter.priority().wire())
                .bind("plan", filter.planId())
                .bind("after", filter.after())
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

    /** PostgreSQL stores no NUL; an event with one is logged all the same, with U+FFFD in its place. */
    private static String storable(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    static JsonNode storable(JsonNode data) {
        String json = WireFormat.writeString(data);
        return json.contains("\\u0000")
                ? WireFormat.read(NUL.matcher(json).replaceAll("$1\uFFFD"), JsonNode.class)
                : data;
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
                instant(rs, "routed_at"));
    }
}
