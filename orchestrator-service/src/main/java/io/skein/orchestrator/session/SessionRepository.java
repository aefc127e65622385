package io.skein.orchestrator.session;

import io.skein.contracts.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code session} and {@code message}. */
@ApplicationScoped
public class SessionRepository {

    private static final int MAX_TITLE = 120;
    private static final String SELECT =
            "SELECT s.*, (SELECT count(*) FROM plan p WHERE p.session_id = s.id) AS plans FROM session s ";

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
        return new Session(id, shown, owner, team, at, at, 0);
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
        return handle.createQuery(SELECT + "WHERE s.id = :id")
                .bind("id", id)
                .map((row, context) -> session(row))
                .findOne();
    }

    List<Session> list(Handle handle, String team, String owner, UUID after, int limit) {
        return handle.createQuery(SELECT + """
                        WHERE s.team = :team AND s.owner = :owner AND (CAST(:after AS uuid) IS NULL OR s.id < :after)
                        ORDER BY s.id DESC LIMIT :limit""")
                .bind("team", team)
                .bind("owner", owner)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> session(row))
                .list();
    }

    public void say(Handle tx, UUID sessionId, String role, String text, UUID planId, Instant at) {
        tx.createUpdate("""
                        INSERT INTO message (id, session_id, role, text, plan_id, created_at)
                        VALUES (:id, :session, :role, :text, :plan, :at)""")
                .bind("id", Ids.next())
                .bind("session", sessionId)
                .bind("role", role)
                .bind("text", text)
                .bind("plan", planId)
                .bind("at", at)
                .execute();
        tx.execute("UPDATE session SET updated_at = ? WHERE id = ?", at, sessionId);
    }

    List<Message> messages(Handle handle, UUID sessionId, UUID after, int limit) {
        return handle.createQuery("""
                        SELECT * FROM message WHERE session_id = :session AND (CAST(:after AS uuid) IS NULL OR id > :after)
                        ORDER BY id LIMIT :limit""")
                .bind("session", sessionId)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new Message(
                        row.getObject("id", UUID.class),
                        row.getString("role"),
                        row.getString("text"),
                        row.getObject("plan_id", UUID.class),
                        row.getTimestamp("created_at").toInstant()))
                .list();
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getObject("id", UUID.class),
                row.getString("title"),
                row.getString("owner"),
                row.getString("team"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                row.getInt("plans"));
    }
}
