package io.skein.frontdoor.apitokens;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The tokens, each read together with its owner: what the owner lost, the token lost. */
@ApplicationScoped
class ApiTokenRepository {

    private static final String SELECT =
            "SELECT t.id, t.owner_id, u.name AS owner_name, u.team, u.roles, u.disabled, u.version,"
                    + " t.name, t.kind, t.subject, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at"
                    + " FROM api_tokens t JOIN users u ON u.id = t.owner_id";

    void insert(Handle tx, ApiToken token, byte[] hash) {
        tx.createUpdate("INSERT INTO api_tokens"
                        + " (id, token_hash, owner_id, name, kind, subject, scopes, created_at, expires_at)"
                        + " VALUES (:id, :hash, :owner, :name, :kind, :subject, string_to_array(:scopes, ','),"
                        + " :created, :expires)")
                .bind("id", token.id())
                .bind("hash", hash)
                .bind("owner", token.owner().id())
                .bind("name", token.name())
                .bind("kind", token.kind().wire())
                .bind("subject", token.subject())
                .bind("scopes", String.join(",", token.scopes()))
                .bind("created", token.createdAt())
                .bind("expires", token.expiresAt())
                .execute();
    }

    Optional<ApiToken> findByHash(Handle handle, byte[] hash) {
        return one(handle.createQuery(SELECT + " WHERE t.token_hash = ?").bind(0, hash));
    }

    Optional<ApiToken> find(Handle handle, UUID id) {
        return one(handle.createQuery(SELECT + " WHERE t.id = ?").bind(0, id));
    }

    /** Locks the owner, so that two tokens made at once are counted one after the other. */
    Optional<ApiToken.Owner> lockOwner(Handle tx, UUID id) {
        return tx.createQuery(
                        "SELECT id AS owner_id, name AS owner_name, team, roles, disabled, version FROM users WHERE id = ? FOR UPDATE")
                .bind(0, id)
                .map((row, context) -> owner(row))
                .findOne();
    }

    int countAlive(Handle handle, UUID owner, Instant now) {
        return handle.createQuery(
                        "SELECT count(*) FROM api_tokens WHERE owner_id = ? AND revoked_at IS NULL AND expires_at > ?")
                .bind(0, owner)
                .bind(1, now)
                .mapTo(Integer.class)
                .one();
    }

    /** Newest first, without the revoked. */
    List<ApiToken> list(Handle handle, UUID owner, UUID before, int limit) {
        return many(handle.createQuery(SELECT + " WHERE t.owner_id = :owner" + PAGE)
                .bind("owner", owner)
                .bind("before", before)
                .bind("limit", limit));
    }

    List<ApiToken> listTeam(Handle handle, String team, UUID before, int limit) {
        return many(handle.createQuery(SELECT + " WHERE u.team = :team" + PAGE)
                .bind("team", team)
                .bind("before", before)
                .bind("limit", limit));
    }

    private static final String PAGE = " AND t.revoked_at IS NULL AND (:before::uuid IS NULL OR t.id < :before::uuid)"
            + " ORDER BY t.id DESC LIMIT :limit";

    /** False when it was revoked before. */
    boolean revoke(Handle tx, UUID id, Instant now, String by) {
        return tx.execute(
                        "UPDATE api_tokens SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL",
                        now,
                        by,
                        id)
                == 1;
    }

    /** Writes nothing when it was written after {@code before}: replicas see a token in the same minute. */
    void used(Handle handle, UUID id, Instant now, Instant before) {
        handle.execute(
                "UPDATE api_tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)",
                now,
                id,
                before);
    }

    /** Drops what has been over for long enough that nobody asks about it. */
    void deleteOver(Handle tx, UUID owner, Instant before) {
        tx.execute(
                "DELETE FROM api_tokens WHERE owner_id = ? AND (expires_at < ? OR revoked_at < ?)",
                owner,
                before,
                before);
    }

    private static Optional<ApiToken> one(Query query) {
        return query.map((row, context) -> token(row)).findOne();
    }

    private static List<ApiToken> many(Query query) {
        return query.map((row, context) -> token(row)).list();
    }

    private static ApiToken token(ResultSet row) throws SQLException {
        return new ApiToken(
                row.getObject("id", UUID.class),
                owner(row),
                row.getString("name"),
                TokenKind.fromWire(row.getString("kind")).orElseThrow(),
                row.getString("subject"),
                strings(row, "scopes"),
                instant(row, "created_at"),
                instant(row, "expires_at"),
                instant(row, "last_used_at"),
                instant(row, "revoked_at"));
    }

    private static ApiToken.Owner owner(ResultSet row) throws SQLException {
        return new ApiToken.Owner(
                row.getObject("owner_id", UUID.class),
                row.getString("owner_name"),
                row.getString("team"),
                strings(row, "roles"),
                row.getBoolean("disabled"),
                row.getLong("version"));
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
