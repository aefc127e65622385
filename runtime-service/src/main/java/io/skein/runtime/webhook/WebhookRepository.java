package io.skein.runtime.webhook;

import io.skein.contracts.event.Priority;
import io.skein.platform.auth.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Webhooks and their sealed secrets. */
@ApplicationScoped
class WebhookRepository {

    private static final String SELECT =
            "SELECT w.*, c.accepted, c.refused, c.accepted_at, c.refused_at FROM webhook w JOIN webhook_count c"
                    + " ON c.webhook_id = w.id ";

    /**
     * A webhook as a delivery needs it.
     *
     * @param sealed the current secret, and the previous one while it is good
     */
    record Door(Webhook webhook, List<byte[]> sealed) {}

    /** How many the team has; nobody else counts or adds for it until this transaction is over. */
    int countForAdding(Handle tx, String team) {
        tx.execute("SELECT pg_advisory_xact_lock(hashtext('webhook'), hashtext(?))", team);
        return tx.createQuery("SELECT count(*) FROM webhook WHERE team = :team")
                .bind("team", team)
                .mapTo(Integer.class)
                .one();
    }

    void insert(Handle tx, Webhook webhook, byte[] secret) {
        bound(tx.createUpdate("""
                        INSERT INTO webhook (id, team, name, format, event_type, priority, subject, enabled, secret, created_by,
                                             changed_by, created_at, changed_at, version)
                        VALUES (:id, :team, :name, :format, :type, :priority, :subject, :enabled, :secret, :createdBy,
                                :changedBy, :createdAt, :changedAt, :version)"""), webhook)
                .bind("format", webhook.format().wire())
                .bind("secret", secret)
                .bind("createdBy", webhook.createdBy())
                .bind("createdAt", utc(webhook.createdAt()))
                .execute();
        tx.execute("INSERT INTO webhook_count (webhook_id) VALUES (?)", webhook.id());
    }

    void update(Handle tx, Webhook webhook) {
        bound(tx.createUpdate("""
                        UPDATE webhook SET name = :name, event_type = :type, priority = :priority, subject = :subject,
                          enabled = :enabled, changed_by = :changedBy, changed_at = :changedAt, version = :version
                        WHERE id = :id AND team = :team"""), webhook).execute();
    }

    /** A new secret; the one before it stays good until then, those before that are over. */
    void replaceSecret(Handle tx, Webhook webhook, byte[] secret) {
        boolean overlap = webhook.previousSecretUntil() != null;
        tx.createUpdate("""
                        UPDATE webhook SET previous_secret = CASE WHEN :overlap THEN secret END, previous_until = :until,
                          secret = :secret, changed_by = :by, changed_at = :at, version = :version WHERE id = :id""")
                .bind("overlap", overlap)
                .bindByType("until", utc(webhook.previousSecretUntil()), OffsetDateTime.class)
                .bind("secret", secret)
                .bind("by", webhook.changedBy())
                .bind("at", utc(webhook.changedAt()))
                .bind("version", webhook.version())
                .bind("id", webhook.id())
                .execute();
    }

    void delete(Handle tx, UUID id) {
        tx.createUpdate("DELETE FROM webhook WHERE id = :id").bind("id", id).execute();
    }

    Optional<Webhook> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE w.id = :id")
                .bind("id", id)
                .map((row, ctx) -> webhook(row))
                .findOne();
    }

    Optional<Webhook> lock(Handle tx, UUID id) {
        return tx.createQuery(SELECT + "WHERE w.id = :id FOR UPDATE OF w")
                .bind("id", id)
                .map((row, ctx) -> webhook(row))
                .findOne();
    }

    Optional<Door> door(Handle handle, UUID id, Instant now) {
        return handle.createQuery(SELECT + "WHERE w.id = :id")
                .bind("id", id)
                .map((row, ctx) -> {
                    List<byte[]> sealed = new ArrayList<>();
                    sealed.add(row.getBytes("secret"));
                    Instant until = instant(row, "previous_until");
                    if (until != null && now.isBefore(until)) {
                        sealed.add(row.getBytes("previous_secret"));
                    }
                    return new Door(webhook(row), sealed);
                })
                .findOne();
    }

    /** Newest first. */
    List<Webhook> list(Handle handle, Visibility visibility, UUID after, int limit) {
        return handle.createQuery(SELECT + """
                        WHERE (CAST(:team AS text) IS NULL OR w.team = :team)
                        AND (CAST(:after AS uuid) IS NULL OR w.id < CAST(:after AS uuid)) ORDER BY w.id DESC LIMIT :limit""")
                .bind("team", visibility.team())
                .bindByType("after", after, UUID.class)
                .bind("limit", limit)
                .map((row, ctx) -> webhook(row))
                .list();
    }

    private static <T extends SqlStatement<T>> T bound(T statement, Webhook webhook) {
        return statement
                .bind("id", webhook.id())
                .bind("team", webhook.team())
                .bind("name", webhook.name())
                .bind("type", webhook.type())
                .bind(
                        "priority",
                        webhook.priority() == null ? null : webhook.priority().wire())
                .bind("subject", webhook.subject())
                .bind("enabled", webhook.enabled())
                .bind("changedBy", webhook.changedBy())
                .bind("changedAt", utc(webhook.changedAt()))
                .bind("version", webhook.version());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        String priority = row.getString("priority");
        return new Webhook(
                row.getObject("id", UUID.class),
                row.getString("team"),
                row.getString("name"),
                Format.fromWire(row.getString("format")),
                row.getString("event_type"),
                priority == null ? null : Priority.fromWire(priority),
                row.getString("subject"),
                row.getBoolean("enabled"),
                instant(row, "previous_until"),
                row.getString("created_by"),
                row.getString("changed_by"),
                instant(row, "created_at"),
                instant(row, "changed_at"),
                row.getLong("version"),
                new Webhook.Counts(
                        row.getLong("accepted"),
                        row.getLong("refused"),
                        instant(row, "accepted_at"),
                        instant(row, "refused_at")));
    }
}
