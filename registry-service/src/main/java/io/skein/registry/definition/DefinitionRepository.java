package io.skein.registry.definition;

import static io.skein.platform.persistence.JsonColumn.jsonb;

import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class DefinitionRepository {

    /** Team of what ships with Skein: every team sees it, none owns it. */
    static final String EVERYBODY = "*";

    record Stored(String team, String status, Instant publishedAt, AgentDefinition definition) {}

    /** False when that version is there already: it is immutable. */
    boolean publish(Handle tx, String team, AgentDefinition definition, Instant now) {
        return tx.createUpdate("""
                        INSERT INTO agent_definition (team, id, version, version_key, status, document, published_at)
                        VALUES (:team, :id, :version, :key, 'published', :document, :now)
                        ON CONFLICT DO NOTHING""")
                        .bind("team", team)
                        .bind("id", definition.metadata().id())
                        .bind("version", definition.metadata().version())
                        .bind(
                                "key",
                                SemanticVersion.sortKey(definition.metadata().version()))
                        .bind("document", jsonb(definition))
                        .bind("now", now.atOffset(ZoneOffset.UTC))
                        .execute()
                == 1;
    }

    Optional<Stored> version(Handle handle, String team, String id, String version) {
        return handle.createQuery(
                        "SELECT * FROM agent_definition WHERE team = :team AND id = :id AND version = :version")
                .bind("team", team)
                .bind("id", id)
                .bind("version", version)
                .map(DefinitionRepository::stored)
                .findOne();
    }

    /** The newest published version of each definition the team sees; its own goes before a shipped one of the same id. */
    List<Stored> newest(Handle handle, String team, String afterId, int limit) {
        return handle.createQuery("""
                        SELECT DISTINCT ON (id) * FROM agent_definition
                        WHERE status = 'published' AND team IN (:team, '*') AND id > :after
                        ORDER BY id, team DESC, version_key DESC LIMIT :limit""")
                .bind("team", team)
                .bind("after", afterId == null ? "" : afterId)
                .bind("limit", limit)
                .map(DefinitionRepository::stored)
                .list();
    }

    Optional<Stored> newest(Handle handle, String team, String id) {
        return handle.createQuery("""
                        SELECT * FROM agent_definition
                        WHERE status = 'published' AND team IN (:team, '*') AND id = :id
                        ORDER BY team DESC, version_key DESC LIMIT 1""")
                .bind("team", team)
                .bind("id", id)
                .map(DefinitionRepository::stored)
                .findOne();
    }

    private static Stored stored(ResultSet rs, StatementContext ctx) throws SQLException {
        OffsetDateTime published = rs.getObject("published_at", OffsetDateTime.class);
        return new Stored(
                rs.getString("team"),
                rs.getString("status"),
                published == null ? null : published.toInstant(),
                JsonColumn.read(rs, "document", AgentDefinition.class));
    }
}
