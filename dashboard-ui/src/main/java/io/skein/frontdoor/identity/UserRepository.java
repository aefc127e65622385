package io.skein.frontdoor.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The accounts. */
@ApplicationScoped
class UserRepository {

    private static final long FIRST_ACCOUNT = 0x5345_494e_5345_5455L;
    private static final String COLUMNS =
            "id, name, team, roles, password_hash IS NOT NULL AS has_password, disabled, created_at, version";

    /** An account with its password hash, for signing in; null when a provider vouches for it. */
    record Credentials(User user, String passwordHash) {}

    /**
     * Whether anybody can sign in with a password. Somebody from a provider who comes first must not use up the setup token: who
     * administers the fleet would then be the provider's to say.
     */
    boolean exists(Handle handle) {
        return handle.createQuery("SELECT EXISTS (SELECT FROM users WHERE password_hash IS NOT NULL)")
                .mapTo(Boolean.class)
                .one();
    }

    /** Waits until no other replica is making the first account. */
    void lockFirstAccount(Handle tx) {
        tx.execute("SELECT pg_advisory_xact_lock(?)", FIRST_ACCOUNT);
    }

    Optional<Credentials> findCredentials(Handle handle, String name) {
        return handle.createQuery("SELECT " + COLUMNS + ", password_hash FROM users WHERE name_key = ?")
                .bind(0, AccountRules.key(name))
                .map((row, context) -> new Credentials(user(row), row.getString("password_hash")))
                .findOne();
    }

    Optional<Credentials> findCredentials(Handle handle, UUID id) {
        return handle.createQuery("SELECT " + COLUMNS + ", password_hash FROM users WHERE id = ?")
                .bind(0, id)
                .map((row, context) -> new Credentials(user(row), row.getString("password_hash")))
                .findOne();
    }

    Optional<User> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM users WHERE id = ?")
                .bind(0, id)
                .map((row, context) -> user(row))
                .findOne();
    }

    List<User> list(Handle handle, String team, UUID after, int limit) {
        return handle.createQuery("SELECT " + COLUMNS
                        + " FROM users WHERE team = :team AND (:after::uuid IS NULL OR id > :after::uuid)"
                        + " ORDER BY id LIMIT :limit")
                .bind("team", team)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> user(row))
                .list();
    }

    /** As it is now, and stays until the transaction ends. */
    Optional<User> lock(Handle tx, UUID id) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM users WHERE id = ? FOR UPDATE")
                .bind(0, id)
                .map((row, context) -> user(row))
                .findOne();
    }

    /** People of the team other than this one. */
    int others(Handle tx, User user) {
        return tx.createQuery("SELECT count(*) FROM users WHERE team = ? AND id <> ?")
                .bind(0, user.team())
                .bind(1, user.id())
                .mapTo(Integer.class)
                .one();
    }

    /** People other than this one who can administer the team. */
    int otherAdministrators(Handle tx, User user) {
        return tx.createQuery("SELECT count(*) FROM users WHERE team = ? AND id <> ? AND NOT disabled"
                        + " AND 'admin' = ANY (roles)")
                .bind(0, user.team())
                .bind(1, user.id())
                .mapTo(Integer.class)
                .one();
    }

    /** Stores roles, state and version. */
    void update(Handle tx, User user) {
        tx.execute(
                "UPDATE users SET roles = string_to_array(?, ','), disabled = ?, version = ? WHERE id = ?",
                String.join(",", user.roles()),
                user.disabled(),
                user.version(),
                user.id());
    }

    void updatePassword(Handle tx, User user, String passwordHash) {
        tx.execute(
                "UPDATE users SET password_hash = ?, version = ? WHERE id = ?",
                passwordHash,
                user.version(),
                user.id());
    }

    /** The name stays taken: what other services keep under it must not become somebody else's. */
    void delete(Handle tx, User user, String deletedBy, Instant now) {
        tx.execute(
                "INSERT INTO former_names (name_key, team, deleted_by, deleted_at) VALUES (?, ?, ?, ?)",
                AccountRules.key(user.name()),
                user.team(),
                deletedBy,
                now);
        tx.execute("DELETE FROM users WHERE id = ?", user.id());
    }

    /** False when the name is, or was, somebody else's. */
    boolean insert(Handle tx, User user, String passwordHash, String createdBy) {
        return tx.createUpdate(
                                "INSERT INTO users (id, name, name_key, team, password_hash, roles, created_by, created_at)"
                                        + " SELECT :id, :name, :key, :team, :hash, string_to_array(:roles, ','), :by, :at"
                                        + " WHERE NOT EXISTS (SELECT FROM former_names WHERE name_key = :key)"
                                        + " ON CONFLICT (name_key) DO NOTHING")
                        .bind("id", user.id())
                        .bind("name", user.name())
                        .bind("key", AccountRules.key(user.name()))
                        .bind("team", user.team())
                        .bind("hash", passwordHash)
                        .bind("roles", String.join(",", user.roles()))
                        .bind("by", createdBy)
                        .bind("at", user.createdAt())
                        .execute()
                == 1;
    }

    /** Stores roles and team as the provider says them. */
    void updateFromProvider(Handle tx, User user) {
        tx.execute(
                "UPDATE users SET roles = string_to_array(?, ','), team = ?, version = ? WHERE id = ?",
                String.join(",", user.roles()),
                user.team(),
                user.version(),
                user.id());
    }

    private static User user(ResultSet row) throws SQLException {
        return new User(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("team"),
                List.of((String[]) row.getArray("roles").getArray()),
                row.getBoolean("has_password"),
                row.getBoolean("disabled"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getLong("version"));
    }
}
