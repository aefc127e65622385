package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.Ids;
import io.skein.contracts.wire.WireFormat;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class DefinitionRepository {

    /** A team's own goes before a shipped one of the same id; of drafts and deprecated ones the one touched last is shown. */
    private static final String SHOWN = """
            SELECT DISTINCT ON (id) * FROM agent_definition
            WHERE team IN (:team, '*') AND status = :status AND (newest OR status <> 'published')
            ORDER BY id, team = '*', updated_at DESC, version""";

    /** @param q, tag, type: null for any */
    record Filter(Definition.Status status, SearchWords.Query q, String tag, String type) {}

    /** @param rank how well it fits the words, 0 without any */
    record Found(Definition definition, BigDecimal rank) {}

    /** Where a page begins: after this one. */
    record After(BigDecimal rank, String id) {}

    /** False when that version is there already. */
    boolean insert(Handle tx, Definition definition) {
        return bound(tx.createUpdate("""
                        INSERT INTO agent_definition (team, id, version, status, document, etag, type, tags, words,
                                                      created_at, created_by, updated_at, published_at)
                        VALUES (:team, :id, :version, :status, CAST(:document AS json), :etag, :type, :tags,
                        """ + WORDS + """
                        , :created, :by, :updated, :published)
                        ON CONFLICT DO NOTHING"""), definition)
                        .bind("status", definition.status().wire())
                        .bind("created", utc(definition.createdAt()))
                        .bind("by", definition.createdBy())
                        .bind("published", utc(definition.publishedAt()))
                        .execute()
                == 1;
    }

    void replaceDraft(Handle tx, Definition definition) {
        bound(tx.createUpdate("""
                        UPDATE agent_definition SET document = CAST(:document AS json), etag = :etag, type = :type,
                               tags = :tags, updated_at = :updated, words =
                        """ + WORDS + " WHERE team = :team AND id = :id AND version = :version"), definition)
                .execute();
    }

    private static final String WORDS = """
            setweight(to_tsvector('english', :first) || to_tsvector('simple', :first), 'A')
            || setweight(to_tsvector('english', :second) || to_tsvector('simple', :second), 'B')
            || setweight(to_tsvector('english', :third) || to_tsvector('simple', :third), 'C')
            || setweight(to_tsvector('english', :last) || to_tsvector('simple', :last), 'D')""";

    private static <T extends SqlStatement<T>> T bound(T statement, Definition definition) {
        List<String> tags = new ArrayList<>();
        definition.metadata().path("tags").forEach(tag -> tags.add(tag.asText()));
        SearchWords.Index words = SearchWords.index(definition.document());
        return statement
                .bind("team", definition.team())
                .bind("id", definition.id())
                .bind("version", definition.version())
                .bind("document", WireFormat.writeString(definition.document()))
                .bind("etag", definition.etag())
                .bind("type", definition.metadata().path("type").asText())
                .bindArray("tags", String.class, tags)
                .bind("updated", utc(definition.updatedAt()))
                .bind("first", words.first())
                .bind("second", words.second())
                .bind("third", words.third())
                .bind("last", words.last());
    }

    void published(Handle tx, Definition definition, Instant now) {
        become(tx, definition, "status = 'published', published_at = :now", now);
    }

    void deprecated(Handle tx, Definition definition, Instant now) {
        become(tx, definition, "status = 'deprecated', newest = false, deprecated_at = :now", now);
    }

    private static void become(Handle tx, Definition definition, String what, Instant now) {
        tx.createUpdate("UPDATE agent_definition SET " + what
                        + ", etag = :etag, updated_at = :now WHERE team = :team AND id = :id AND version = :version")
                .bind("etag", Ids.next())
                .bind("now", utc(now))
                .bind("team", definition.team())
                .bind("id", definition.id())
                .bind("version", definition.version())
                .execute();
    }

    void delete(Handle tx, Definition definition) {
        tx.execute(
                "DELETE FROM agent_definition WHERE team = ? AND id = ? AND version = ?",
                definition.team(),
                definition.id(),
                definition.version());
    }

    /** One at a time decides what is newest of a definition; until the transaction ends. */
    void lock(Handle tx, String team, String id) {
        tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "agent-definition " + team + " " + id);
    }

    /** Says anew which published version is the newest. Under {@link #lock}. */
    void chooseNewest(Handle tx, String team, String id) {
        List<String> published = tx.createQuery(
                        "SELECT version FROM agent_definition WHERE team = :team AND id = :id AND status = 'published'")
                .bind("team", team)
                .bind("id", id)
                .mapTo(String.class)
                .list();
        String newest = newest(published).orElse("");
        tx.execute(
                "UPDATE agent_definition SET newest = false WHERE team = ? AND id = ? AND newest AND version <> ?",
                team,
                id,
                newest);
        tx.execute(
                "UPDATE agent_definition SET newest = true WHERE team = ? AND id = ? AND NOT newest AND version = ?",
                team,
                id,
                newest);
    }

    /** The newest release, else the newest pre-release. Versions that differ in nothing but build data go by that. */
    static Optional<String> newest(List<String> versions) {
        return versions.stream()
                .max(Comparator.comparing((String version) ->
                                VersionRange.version(version).getPreRelease().isEmpty())
                        .thenComparing(VersionRange::version)
                        .thenComparing(Comparator.naturalOrder()));
    }

    Optional<Definition> find(Handle handle, String team, String id, String version) {
        return find(handle, team, id, version, "");
    }

    Optional<Definition> findForUpdate(Handle tx, String team, String id, String version) {
        return find(tx, team, id, version, " FOR UPDATE");
    }

    private static Optional<Definition> find(Handle handle, String team, String id, String version, String lock) {
        return handle.createQuery(
                        "SELECT * FROM agent_definition WHERE team = :team AND id = :id AND version = :version" + lock)
                .bind("team", team)
                .bind("id", id)
                .bind("version", version)
                .map(DefinitionRepository::definition)
                .findOne();
    }

    /** Every version of it in this team, newest first. */
    List<Definition> versions(Handle handle, String team, String id) {
        return handle
                .createQuery("SELECT * FROM agent_definition WHERE team = :team AND id = :id")
                .bind("team", team)
                .bind("id", id)
                .map(DefinitionRepository::definition)
                .stream()
                .sorted(Comparator.comparing((Definition definition) -> VersionRange.version(definition.version()))
                        .thenComparing(Definition::version)
                        .reversed())
                .toList();
    }

    /** Every published version the team sees, the newest of each first; of the same version its own goes before a shipped one. */
    List<Definition> published(Handle handle, String team, int limit) {
        return handle.createQuery("""
                        SELECT * FROM (
                          SELECT DISTINCT ON (id, version) * FROM agent_definition
                          WHERE team IN (:team, '*') AND status = 'published' ORDER BY id, version, team = '*') seen
                        ORDER BY newest DESC, published_at DESC, id LIMIT :limit""")
                .bind("team", team)
                .bind("limit", limit)
                .map(DefinitionRepository::definition)
                .list();
    }

    List<Found> find(Handle handle, String team, Filter filter, After after, int limit) {
        return handle.createQuery("SELECT * FROM (SELECT shown.*, " + RANK + " AS rank FROM (" + SHOWN + """
                        ) shown WHERE (NOT :searched OR words @@ (to_tsquery('english', :all) || to_tsquery('simple', :begun)))
                          AND (CAST(:tag AS text) IS NULL OR :tag = ANY (tags))
                          AND (CAST(:type AS text) IS NULL OR type = :type)) found
                        WHERE NOT :continued OR rank < :afterRank OR (rank = :afterRank AND id > :afterId)
                        ORDER BY rank DESC, id LIMIT :limit""")
                .bind("team", team)
                .bind("status", filter.status().wire())
                .bind("searched", filter.q() != null)
                .bind("all", filter.q() == null ? "" : filter.q().all())
                .bind("begun", filter.q() == null ? "" : filter.q().begun())
                .bind("tag", filter.tag())
                .bind("type", filter.type())
                .bind("continued", after != null)
                .bind("afterRank", after == null ? BigDecimal.ZERO : after.rank())
                .bind("afterId", after == null ? "" : after.id())
                .bind("limit", limit)
                .map((rs, ctx) -> new Found(definition(rs, ctx), rs.getBigDecimal("rank")))
                .list();
    }

    private static final String RANK = """
            CASE WHEN :searched
              THEN round(CAST(ts_rank_cd(words, to_tsquery('english', :all) || to_tsquery('simple', :begun)) AS numeric), 6)
              ELSE 0 END""";

    private static Definition definition(ResultSet rs, StatementContext ctx) throws SQLException {
        JsonNode document = DefinitionReader.stored(rs.getString("document"));
        return new Definition(
                rs.getString("team"),
                rs.getString("id"),
                rs.getString("version"),
                Definition.Status.valueOf(rs.getString("status").toUpperCase(Locale.ROOT)),
                rs.getObject("etag", UUID.class),
                rs.getBoolean("newest"),
                instant(rs, "created_at"),
                rs.getString("created_by"),
                instant(rs, "updated_at"),
                instant(rs, "published_at"),
                instant(rs, "deprecated_at"),
                document);
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
