package io.skein.frontdoor.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The teams that are and, by name only, those that were. */
@ApplicationScoped
class TeamRepository {

    private static final String SELECT =
            "SELECT name, (SELECT count(*) FROM users u WHERE u.team = t.name) AS people, created_by, created_at"
                    + " FROM teams t WHERE deleted_at IS NULL";

    List<Team> list(Handle handle, String after, int limit) {
        return handle.createQuery(SELECT + " AND name > :after ORDER BY name LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> team(row))
                .list();
    }

    Optional<Team> find(Handle handle, String name) {
        return handle.createQuery(SELECT + " AND name = :name")
                .bind("name", name)
                .map((row, context) -> team(row))
                .findOne();
    }

    /** False when there is, or was, a team of that name. */
    boolean insert(Handle tx, String name, String createdBy, Instant now) {
        return tx.execute(
                        "INSERT INTO teams (name, created_by, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        name,
                        createdBy,
                        now)
                == 1;
    }

    /**
     * False when there is no such team. Whoever changes who is in a team, or who administers it, holds this lock: two
     * administrators cannot each remove the other.
     */
    boolean lock(Handle tx, String name) {
        return tx.createQuery("SELECT 1 FROM teams WHERE name = ? AND deleted_at IS NULL FOR UPDATE")
                .bind(0, name)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    void delete(Handle tx, String name, Instant now) {
        tx.execute("UPDATE teams SET deleted_at = ? WHERE name = ?", now, name);
    }

    private static Team team(ResultSet row) throws SQLException {
        return new Team(
                row.getString("name"),
                row.getInt("people"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
