package io.skein.runtime.dead;

import static io.skein.platform.persistence.JsonColumn.jsonb;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.contracts.Ids;
import io.skein.contracts.topology.ReplayedMessage;
import io.skein.platform.messaging.DeadLetter;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class DeadLetterRepository {

    /** No message of the fleet is larger; what is cannot be given back, only looked at. */
    static final int MAX_KEPT_BYTES = 2 * 1024 * 1024;

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    void add(Handle tx, DeadLetter letter, Instant now) {
        ReplayedMessage message = letter.message();
        byte[] body = message.body();
        tx.createUpdate("""
                        INSERT INTO dead_letter (id, queue, reason, verdict, detail, exchange, routing_key, sender, message_id,
                                                 content_type, headers, body, size, died_at, received_at)
                        VALUES (:id, :queue, :reason, :verdict, :detail, :exchange, :key, :sender, :message, :contentType,
                                :headers, :body, :size, :died, :received)""")
                .bind("id", Ids.next())
                .bind("queue", storable(letter.queue()))
                .bind("reason", storable(letter.reason()))
                .bind("verdict", letter.verdict().name().toLowerCase(Locale.ROOT))
                .bind("detail", storable(letter.detail()))
                .bind("exchange", storable(message.exchange()))
                .bind("key", storable(message.routingKey()))
                .bind("sender", storable(message.sender()))
                .bind("message", storable(message.messageId()))
                .bind("contentType", storable(message.contentType()))
                .bind("headers", jsonb(storable(message.headers())))
                .bind("body", body.length > MAX_KEPT_BYTES ? Arrays.copyOf(body, MAX_KEPT_BYTES) : body)
                .bind("size", body.length)
                .bind("died", utc(letter.diedAt()))
                .bind("received", utc(now))
                .execute();
    }

    /** Newest first; of all queues when {@code queue} is null. Their bodies are left out. */
    List<KeptLetter> list(Handle handle, String queue, UUID after, int limit) {
        return handle.createQuery("""
                        SELECT id, queue, reason, verdict, detail, exchange, routing_key, sender, message_id, content_type,
                               headers, ''::bytea AS body, size, died_at, received_at, replayed_at, replayed_by
                        FROM dead_letter
                        WHERE (CAST(:queue AS text) IS NULL OR queue = :queue) AND (CAST(:after AS uuid) IS NULL OR id < :after)
                        ORDER BY id DESC LIMIT :limit""")
                .bind("queue", queue)
                .bind("after", after)
                .bind("limit", limit)
                .map(DeadLetterRepository::letter)
                .list();
    }

    Optional<KeptLetter> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM dead_letter WHERE id = :id")
                .bind("id", id)
                .map(DeadLetterRepository::letter)
                .findFirst();
    }

    /** False when it was given back before. */
    boolean replayed(Handle tx, UUID id, String by, Instant now) {
        return tx.createUpdate("""
                        UPDATE dead_letter SET replayed_at = :now, replayed_by = :by WHERE id = :id AND replayed_at IS NULL""")
                        .bind("now", utc(now))
                        .bind("by", by)
                        .bind("id", id)
                        .execute()
                == 1;
    }

    boolean delete(Handle tx, UUID id) {
        return tx.execute("DELETE FROM dead_letter WHERE id = ?", id) == 1;
    }

    int deleteBefore(Handle tx, Instant limit) {
        return tx.execute("DELETE FROM dead_letter WHERE received_at < ?", utc(limit));
    }

    /** PostgreSQL stores no NUL in a text. */
    private static String storable(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    private static Map<String, String> storable(Map<String, String> texts) {
        return texts.entrySet().stream()
                .collect(Collectors.toMap(e -> storable(e.getKey()), e -> storable(e.getValue()), (a, b) -> b));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static KeptLetter letter(ResultSet rs, StatementContext ctx) throws SQLException {
        return new KeptLetter(
                rs.getObject("id", UUID.class),
                rs.getString("queue"),
                rs.getString("reason"),
                DeadLetter.Verdict.valueOf(rs.getString("verdict").toUpperCase(Locale.ROOT)),
                rs.getString("detail"),
                rs.getString("exchange"),
                rs.getString("routing_key"),
                rs.getString("sender"),
                rs.getString("message_id"),
                rs.getString("content_type"),
                JsonColumn.read(rs, "headers", TEXTS),
                rs.getBytes("body"),
                rs.getInt("size"),
                instant(rs, "died_at"),
                instant(rs, "received_at"),
                instant(rs, "replayed_at"),
                rs.getString("replayed_by"));
    }
}
