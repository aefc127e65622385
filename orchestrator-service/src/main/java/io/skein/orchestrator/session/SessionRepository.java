package io.skein.orchestrator.session;

import io.skein.contracts.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code session} and {@code message}. */
@ApplicationScoped
public class SessionRepository {

    private static final int MAX_TITLE = 120;
    /** The newest plan of each says where it is; states this does not know are told by what has happened to the plan. */
    private static final String SELECT = """
            SELECT s.*, (SELECT count(*) FROM plan p WHERE p.session_id = s.id) AS plans,
              CASE WHEN n.id IS NULL THEN 'intake'
                WHEN n.status IN ('needs_input', 'rejected') THEN 'planning'
                WHEN n.status = 'awaiting_approval' THEN 'approval'
                WHEN n.finished_at IS NOT NULL THEN 'review'
                WHEN n.approved_at IS NOT NULL THEN 'execution'
                ELSE 'planning' END AS stage
            FROM session s
            LEFT JOIN LATERAL (SELECT p.id, p.status, p.approved_at, p.finished_at FROM plan p WHERE p.session_id = s.id
              ORDER BY p.id DESC LIMIT 1) n ON true
            WHERE s.deleted_at IS NULL\s""";

    public Session create(Handle tx, String team, String owner, String title, Instant at) {
        UUID id = Ids.next();
        String shown = shorten(title);
        tx.createUpdate("""
                        INSERT INTO session (id, team, owner, title, created_at, updated_at)
                        VALUES (:id, :team, :owner, :title, :at, :at)""")
                .bind("id", id)
                .bind("team", team)
                .bind("owner", owner)
                .bind("title", shown)
                .bind("at", at)
                .execute();
        return new Session(id, shown, owner, team, Session.ACTIVE, Stage.INTAKE, at, at, null, 0, 1);
    }

    static String shorten(String title) {
        String line = title.strip().replaceAll("\\s+", " ");
        if (line.length() <= MAX_TITLE) {
            return line;
        }
        int cut = line.lastIndexOf(' ', MAX_TITLE);
        int end = cut > MAX_TITLE / 2 ? cut : MAX_TITLE;
        // Half a surrogate pair is no text.
        end = Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end;
        return line.substring(0, end) + "…";
    }

    public Optional<Session> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "AND s.id = :id")
                .bind("id", id)
                .map((row, context) -> session(row))
                .findOne();
    }

    /** The session, with its row locked until the transaction ends: whoever adds to it or changes it holds this. */
    public Optional<Session> lock(Handle tx, UUID id) {
        return tx.createQuery("SELECT id FROM session WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", id)
                .mapTo(UUID.class)
                .findOne()
                .flatMap(found -> find(tx, found));
    }

    List<Session> list(Handle handle, String team, String owner, Boolean archived, Stage stage, UUID after, int limit) {
        return handle.createQuery("SELECT * FROM (" + SELECT + """
                        AND s.team = :team AND s.owner = :owner AND (CAST(:after AS uuid) IS NULL OR s.id < :after)
                          AND (CAST(:archived AS boolean) IS NULL OR (s.archived_at IS NOT NULL) = :archived)) l
                        WHERE CAST(:stage AS text) IS NULL OR l.stage = :stage
                        ORDER BY l.id DESC LIMIT :limit""")
                .bind("team", team)
                .bind("owner", owner)
                .bind("archived", archived)
                .bind("stage", stage == null ? null : stage.wire())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> session(row))
                .list();
    }

    void rename(Handle tx, UUID id, String title, Instant at) {
        tx.execute(
                "UPDATE session SET title = ?, updated_at = ?, revision = revision + 1 WHERE id = ?",
                shorten(title),
                at,
                id);
    }

    void archive(Handle tx, UUID id, boolean archived, Instant at) {
        tx.createUpdate("""
                        UPDATE session SET archived_at = CASE WHEN :archived THEN CAST(:at AS timestamptz) END, updated_at = :at,
                            revision = revision + 1
                        WHERE id = :id""")
                .bind("archived", archived)
                .bind("at", at)
                .bind("id", id)
                .execute();
    }

    /** How many plans of it may still change something. */
    int openPlans(Handle tx, UUID id) {
        return tx.createQuery("SELECT count(*) FROM plan WHERE session_id = :id AND finished_at IS NULL")
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
    }

    /** What was said is gone; where plans came out of it an empty row stays for them to refer to, which nobody finds. */
    void delete(Handle tx, UUID id, Instant at) {
        tx.execute("DELETE FROM message WHERE session_id = ?", id);
        tx.execute("UPDATE task SET session_id = NULL WHERE session_id = ?", id);
        int gone = tx.execute(
                "DELETE FROM session s WHERE s.id = ? AND NOT EXISTS (SELECT 1 FROM request r WHERE r.session_id = s.id)",
                id);
        if (gone == 0) {
            tx.execute("UPDATE session SET title = '', deleted_at = ?, updated_at = ? WHERE id = ?", at, at, id);
        }
    }

    /** When the newest plan of a session came to each stage. */
    List<Session.Reached> stages(Handle handle, Session session) {
        return handle.createQuery("""
                        SELECT p.created_at AS planning, p.approved_at AS execution, p.finished_at AS review,
                          (SELECT min(e.at) FROM plan_event e
                           WHERE e.plan_id = p.id AND e.kind = 'plan' AND e.status = 'awaiting_approval') AS approval
                        FROM session s LEFT JOIN LATERAL
                          (SELECT * FROM plan p WHERE p.session_id = s.id ORDER BY p.id DESC LIMIT 1) p ON true
                        WHERE s.id = :id""")
                .bind("id", session.id())
                .map((row, context) -> stages(row, session))
                .one();
    }

    private static List<Session.Reached> stages(ResultSet row, Session session) throws SQLException {
        List<Session.Reached> all = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            int ahead = stage.compareTo(session.stage());
            Instant at = stage == Stage.INTAKE ? session.createdAt() : instant(row, stage.wire());
            all.add(new Session.Reached(
                    stage, ahead < 0 ? "done" : ahead == 0 ? "current" : "ahead", ahead > 0 ? null : at));
        }
        return all;
    }

    public void say(Handle tx, UUID sessionId, String role, String text, UUID planId, Instant at) {
        say(tx, sessionId, role, text, null, planId, at);
    }

    /** @param by who answers */
    public UUID answer(Handle tx, UUID sessionId, String text, String by, UUID planId, Instant at) {
        return say(tx, sessionId, "assistant", text, by, planId, at);
    }

    private UUID say(Handle tx, UUID sessionId, String role, String text, String by, UUID planId, Instant at) {
        UUID id = Ids.next();
        tx.createUpdate("""
                        INSERT INTO message (id, session_id, role, text, plan_id, created_at, said_by)
                        SELECT :id, s.id, :role, :text, :plan, :at, :by FROM session s
                        WHERE s.id = :session AND s.deleted_at IS NULL""")
                .bind("id", id)
                .bind("session", sessionId)
                .bind("role", role)
                .bind("text", text)
                .bind("plan", planId)
                .bind("at", at)
                .bind("by", by)
                .execute();
        tx.execute("UPDATE session SET updated_at = ? WHERE id = ?", at, sessionId);
        return id;
    }

    public List<Message> messages(Handle handle, UUID sessionId, UUID after, int limit) {
        return handle.createQuery("""
                        SELECT * FROM message WHERE session_id = :session AND (CAST(:after AS uuid) IS NULL OR id > :after)
                        ORDER BY id LIMIT :limit""")
                .bind("session", sessionId)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> message(row))
                .list();
    }

    /** The newest, oldest of them first. */
    public List<Message> last(Handle handle, UUID sessionId, int limit) {
        return handle.createQuery("""
                        SELECT * FROM (SELECT * FROM message WHERE session_id = :session ORDER BY id DESC LIMIT :limit) m
                        ORDER BY id""")
                .bind("session", sessionId)
                .bind("limit", limit)
                .map((row, context) -> message(row))
                .list();
    }

    public Optional<Message> message(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM message WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> message(row))
                .findOne();
    }

    private static Message message(ResultSet row) throws SQLException {
        return new Message(
                row.getObject("id", UUID.class),
                row.getString("role"),
                row.getString("text"),
                row.getObject("plan_id", UUID.class),
                row.getTimestamp("created_at").toInstant(),
                row.getString("said_by"));
    }

    private static Session session(ResultSet row) throws SQLException {
        Instant archivedAt = instant(row, "archived_at");
        return new Session(
                row.getObject("id", UUID.class),
                row.getString("title"),
                row.getString("owner"),
                row.getString("team"),
                archivedAt == null ? Session.ACTIVE : Session.ARCHIVED,
                Stage.fromWire(row.getString("stage")).orElseThrow(),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                archivedAt,
                row.getInt("plans"),
                row.getLong("revision"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
