package io.skein.audit.entry;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Entries in PostgreSQL. Written here only, and only at the end of the chain. */
@ApplicationScoped
public class EntryRepository {

    private static final String COLUMNS =
            "partition, seq, id, at, recorded_at, source, type, status, subject, team, owner, actor,"
                    + " trace_id, plan_id, task_id, resources, usage, data, previous_hash, hash";

    /** The last entry of a chain: its place and its hash. */
    public record Head(long seq, String hash) {}

    /**
     * Puts entries at the end of the chain, in their order, and returns them as they stand there, without those whose event is in the
     * chain already. Holds the head's row until the transaction ends, so appends of several processes come one after the other.
     *
     * @param entries of the main chain
     */
    public List<Entry> append(Handle tx, List<Entry> entries) {
        Head head = tx.createQuery("SELECT seq, hash FROM chain WHERE partition = :partition FOR UPDATE")
                .bind("partition", Entry.MAIN)
                .map((row, ctx) -> new Head(row.getLong(1), row.getString(2)))
                .one();
        Set<Entry.Event> known = known(tx, entries);
        List<Entry> appended = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            if (known.add(entry.event())) {
                Entry chained = entry.chained(head.seq() + 1, head.hash());
                appended.add(chained);
                head = new Head(chained.seq(), chained.hash());
            }
        }
        if (!appended.isEmpty()) {
            insert(tx, appended);
            tx.execute("UPDATE chain SET seq = ?, hash = ? WHERE partition = ?", head.seq(), head.hash(), Entry.MAIN);
        }
        return appended;
    }

    private static Set<Entry.Event> known(Handle tx, List<Entry> entries) {
        return new HashSet<>(tx.createQuery("SELECT e.source, e.id FROM unnest(:sources, :ids) AS n (source, id)"
                        + " JOIN entry e ON e.source = n.source AND e.id = n.id")
                .bindArray(
                        "sources",
                        String.class,
                        entries.stream().map(Entry::source).toList())
                .bindArray("ids", UUID.class, entries.stream().map(Entry::id).toList())
                .map((row, ctx) -> new Entry.Event(row.getString(1), row.getObject(2, UUID.class)))
                .list());
    }

    private static void insert(Handle tx, List<Entry> entries) {
        PreparedBatch batch = tx.prepareBatch("INSERT INTO entry (" + COLUMNS
                + ", search) VALUES (:partition, :seq, :id, :at, :recordedAt, :source,"
                + " :type, :status, :subject, :team, :owner, :actor, :trace, CAST(:plan AS uuid), CAST(:task AS uuid), CAST(:resources AS jsonb),"
                + " CAST(:usage AS jsonb), CAST(:data AS jsonb), :previous, :hash, to_tsvector('simple', :words))");
        for (Entry entry : entries) {
            batch.bind("partition", entry.partition())
                    .bind("seq", entry.seq())
                    .bind("id", entry.id())
                    .bind("at", utc(entry.at()))
                    .bind("recordedAt", utc(entry.recordedAt()))
                    .bind("source", entry.source())
                    .bind("type", entry.type())
                    .bind("status", entry.status())
                    .bind("subject", entry.subject())
                    .bind("team", entry.team())
                    .bind("owner", entry.owner())
                    .bind("actor", entry.actor())
                    .bind("trace", entry.traceId())
                    .bindByType("plan", entry.planId(), UUID.class)
                    .bindByType("task", entry.taskId(), UUID.class)
                    .bind("resources", WireFormat.writeString(entry.resources()))
                    .bind("usage", entry.usage() == null ? null : entry.usage().toString())
                    .bind("data", entry.data().toString())
                    .bind("previous", entry.previousHash())
                    .bind("hash", entry.hash())
                    .bind("words", SearchWords.index(entry))
                    .add();
        }
        batch.execute();
    }

    public Head head(Handle handle, String partition) {
        return handle.createQuery("SELECT seq, hash FROM chain WHERE partition = :partition")
                .bind("partition", partition)
                .map((row, ctx) -> new Head(row.getLong(1), row.getString(2)))
                .one();
    }

    /** The whole chain from its beginning, a thousand rows at a time; close it, and keep the transaction open until then. */
    public ResultIterator<Entry> chain(Handle tx, String partition) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM entry WHERE partition = :partition ORDER BY seq")
                .bind("partition", partition)
                .setFetchSize(1000)
                .map((row, ctx) -> entry(row))
                .iterator();
    }

    /** Whether somebody may see the entry that stands at a place. */
    public boolean isVisible(Handle handle, String partition, long seq, Visibility visibility) {
        return handle.createQuery("SELECT team, owner FROM entry WHERE partition = :partition AND seq = :seq")
                .bind("partition", partition)
                .bind("seq", seq)
                .map((row, ctx) -> visibility.covers(row.getString(1), row.getString(2)))
                .findOne()
                .orElse(false);
    }

    /** Where the entry stands that says it follows the one with this hash. */
    public Optional<Long> placeAfter(Handle handle, String partition, String previousHash) {
        return handle.createQuery("SELECT seq FROM entry WHERE partition = :partition AND previous_hash = :hash"
                        + " ORDER BY seq LIMIT 1")
                .bind("partition", partition)
                .bind("hash", previousHash)
                .mapTo(Long.class)
                .findOne();
    }

    /** Matching entries, newest first, before the given place (null: from the newest). */
    public List<Entry> find(Handle handle, EntryFilter filter, Long before, int limit) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> conditions = conditions(filter, values);
        if (before != null) {
            conditions.add("seq < :before");
            values.put("before", before);
        }
        Query query = handle.createQuery("SELECT " + COLUMNS + " FROM entry WHERE " + String.join(" AND ", conditions)
                        + " ORDER BY seq DESC LIMIT :limit")
                .bind("limit", limit);
        values.forEach(query::bind);
        if (filter.statuses() != null) {
            query.bindArray("statuses", String.class, filter.statuses());
        }
        return query.map((row, ctx) -> entry(row)).list();
    }

    private static List<String> conditions(EntryFilter filter, Map<String, Object> values) {
        List<String> conditions = new ArrayList<>(List.of("partition = 'main'"));
        condition(
                conditions, values, "team = :team", "team", filter.visibility().team());
        condition(
                conditions,
                values,
                "(owner IS NULL OR owner = :person)",
                "person",
                filter.visibility().person());
        condition(conditions, values, "at >= :from", "from", filter.from() == null ? null : utc(filter.from()));
        condition(conditions, values, "at < :to", "to", filter.to() == null ? null : utc(filter.to()));
        if (filter.type() != null && filter.type().endsWith("*")) {
            String prefix = filter.type().substring(0, filter.type().length() - 1);
            condition(conditions, values, "starts_with(type, :type)", "type", prefix);
        } else {
            condition(conditions, values, "type = :type", "type", filter.type());
        }
        condition(conditions, values, "actor = :actor", "actor", filter.actor());
        condition(conditions, values, "plan_id = :plan", "plan", filter.planId());
        condition(conditions, values, "trace_id = :trace", "trace", filter.traceId());
        condition(
                conditions,
                values,
                "resources @> CAST(:resource AS jsonb)",
                "resource",
                filter.resource() == null ? null : WireFormat.writeString(List.of(filter.resource())));
        condition(conditions, values, "search @@ to_tsquery('simple', :words)", "words", filter.words());
        if (filter.statuses() != null) {
            conditions.add("status = ANY(:statuses)");
        }
        return conditions;
    }

    private static void condition(
            List<String> conditions, Map<String, Object> values, String sql, String name, Object value) {
        if (value != null) {
            conditions.add(sql);
            values.put(name, value);
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getString("partition"),
                row.getLong("seq"),
                row.getObject("id", UUID.class),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                row.getString("source"),
                row.getString("type"),
                row.getString("status"),
                row.getString("subject"),
                row.getString("team"),
                row.getString("owner"),
                row.getString("actor"),
                row.getString("trace_id"),
                row.getObject("plan_id", UUID.class),
                row.getObject("task_id", UUID.class),
                JsonColumn.read(row, "resources", new TypeReference<List<String>>() {}),
                JsonColumn.read(row, "usage", JsonNode.class),
                JsonColumn.read(row, "data", JsonNode.class),
                row.getString("previous_hash"),
                row.getString("hash"));
    }
}
