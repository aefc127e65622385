package io.skein.infra.catalogue;

import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The catalogue in PostgreSQL: what is in the repository now, and since when it looks as it does. */
@ApplicationScoped
class PlaybookRepository {

    @Inject
    Jdbi jdbi;

    List<Playbook> all() {
        return jdbi.withHandle(this::all);
    }

    List<Playbook> all(Handle handle) {
        return handle.createQuery("SELECT document FROM playbook WHERE removed_at IS NULL ORDER BY path")
                .map((row, context) -> JsonColumn.read(row, "document", Playbook.class))
                .list();
    }

    /** One writer at a time: several agents may share this schema. */
    void lock(Handle handle) {
        handle.execute("SELECT pg_advisory_xact_lock(hashtext('infra.catalogue'))");
    }

    void save(Handle handle, Playbook playbook) {
        handle.execute(
                """
                INSERT INTO playbook (id, path, content_sha256, broken, document, updated_at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET id = EXCLUDED.id, content_sha256 = EXCLUDED.content_sha256,
                  broken = EXCLUDED.broken, document = EXCLUDED.document, updated_at = EXCLUDED.updated_at,
                  removed_at = NULL
                """,
                playbook.id(),
                playbook.path(),
                playbook.contentSha256(),
                playbook.broken(),
                JsonColumn.jsonb(playbook),
                playbook.updatedAt().atOffset(ZoneOffset.UTC));
    }

    void remove(Handle handle, String path, Instant at) {
        handle.execute("UPDATE playbook SET removed_at = ? WHERE path = ?", at.atOffset(ZoneOffset.UTC), path);
    }
}
