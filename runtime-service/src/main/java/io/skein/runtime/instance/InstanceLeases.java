package io.skein.runtime.instance;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Which replica works for an instance: a row in the database, good for a few seconds and renewed as long as the replica is there. Only
 * the database's clock counts. Each new holder gets a higher fencing number, which it shows with every write.
 */
@ApplicationScoped
public class InstanceLeases {

    /** What the holder of a lease sees with each write. */
    public record Held(String state, int failures) {}

    /** The lease is somebody else's by now, or over: nothing may be written for this instance. */
    public static final class LostException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LostException(UUID instance) {
            super("instance " + instance + " is worked for by somebody else");
        }
    }

    /**
     * Takes instances that have something to do and that nobody works for.
     *
     * @return their fencing numbers
     */
    public Map<UUID, Long> claim(Handle tx, UUID replica, Duration life, int most) {
        return tx
                .createQuery("""
                        WITH free AS (
                          SELECT i.id FROM instance i
                          WHERE (i.lease_until IS NULL OR i.lease_until <= clock_timestamp())
                            AND EXISTS (SELECT 1 FROM task t WHERE t.instance_id = i.id
                                        AND t.status IN ('queued', 'running', 'waiting'))
                          ORDER BY i.id LIMIT :most FOR UPDATE SKIP LOCKED)
                        UPDATE instance i SET holder = :replica, fence = i.fence + 1,
                          lease_until = clock_timestamp() + make_interval(secs => :life)
                        FROM free WHERE i.id = free.id RETURNING i.id, i.fence""")
                .bind("most", most)
                .bind("replica", replica)
                .bind("life", seconds(life))
                .map((row, context) -> Map.entry(row.getObject("id", UUID.class), row.getLong("fence")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Renews those of {@code known} that are not over and have something to do. The others are left to run out: also one whose claim
     * was committed without the replica hearing of it, or nobody would ever work for it. Rows that somebody has locked right now are
     * left out, so that one slow transaction does not cost the replica all of its leases.
     */
    public List<UUID> renew(Handle tx, UUID replica, Collection<UUID> known, Duration life) {
        return tx.createQuery("""
                        WITH free AS (
                          SELECT i.id FROM instance i
                          WHERE i.id = ANY(:known) AND i.holder = :replica AND i.lease_until > clock_timestamp()
                            AND EXISTS (SELECT 1 FROM task t WHERE t.instance_id = i.id
                                        AND t.status IN ('queued', 'running', 'waiting'))
                          FOR NO KEY UPDATE SKIP LOCKED)
                        UPDATE instance i SET lease_until = clock_timestamp() + make_interval(secs => :life)
                        FROM free WHERE i.id = free.id RETURNING i.id""")
                .bindArray("known", UUID.class, known)
                .bind("replica", replica)
                .bind("life", seconds(life))
                .mapTo(UUID.class)
                .list();
    }

    /** Lets others take over at once. */
    public void giveUp(Handle tx, UUID replica) {
        tx.createUpdate("UPDATE instance SET lease_until = clock_timestamp(), holder = NULL WHERE holder = :replica")
                .bind("replica", replica)
                .execute();
    }

    /**
     * Makes sure that the lease holds until this transaction ends: whoever wants to take it waits for the row.
     *
     * @throws LostException when it is lost
     */
    public Held require(Handle tx, UUID instance, UUID replica, long fence) {
        return tx.createQuery("""
                        SELECT state, failures FROM instance
                        WHERE id = :id AND holder = :replica AND fence = :fence AND lease_until > clock_timestamp()
                        FOR NO KEY UPDATE""")
                .bind("id", instance)
                .bind("replica", replica)
                .bind("fence", fence)
                .map((row, context) -> new Held(row.getString("state"), row.getInt("failures")))
                .findOne()
                .orElseThrow(() -> new LostException(instance));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
