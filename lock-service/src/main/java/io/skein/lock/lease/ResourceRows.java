package io.skein.lock.lease;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The rows all exclusion rests on. Whoever decides about a resource locks its row first, in canonical order, and keeps it until
 * the commit.
 */
@ApplicationScoped
class ResourceRows {

    /** @param leaseId the last lease granted on it; only that lease's own row says whether it still holds */
    record Row(String name, UUID leaseId) {}

    /**
     * Makes sure the rows exist. A transaction of its own, so that waiting for somebody who inserts the same row never happens
     * while row locks are held.
     */
    void ensure(Jdbi jdbi, String team, List<String> names) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO resource (team, name)
                        SELECT :team, n FROM unnest(:names) AS n ORDER BY n COLLATE "C"
                        ON CONFLICT DO NOTHING""")
                .bind("team", team)
                .bindArray("names", String.class, names)
                .execute());
    }

    /** Locks the rows until the transaction ends. */
    List<Row> lock(Handle tx, String team, List<String> names) {
        return read(tx, team, names, "FOR UPDATE");
    }

    final List<Row> read(Handle tx, String team, List<String> names, String lockClause) {
        return tx.createQuery(
                        "SELECT name, lease_id FROM resource WHERE team = :team AND name = ANY(:names) ORDER BY name "
                                + lockClause)
                .bind("team", team)
                .bindArray("names", String.class, names)
                .map((row, ctx) -> new Row(row.getString("name"), row.getObject("lease_id", UUID.class)))
                .list();
    }
}
