package io.skein.runtime.task;

import io.quarkus.scheduler.Scheduled;
import io.skein.runtime.RuntimeConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Forgets tasks that ended, and instances that were stopped, as long ago as the events that are forgotten. */
@ApplicationScoped
class TaskCleanup {

    private static final Logger LOG = Logger.getLogger(TaskCleanup.class);

    private final Jdbi jdbi;
    private final Clock clock;
    private final RuntimeConfig config;

    @Inject
    TaskCleanup(Jdbi jdbi, Clock clock, RuntimeConfig config) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.config = config;
    }

    @Scheduled(every = "1h", delayed = "3m", identity = "task-cleanup")
    @RunOnVirtualThread
    void cleanUp() {
        int forgotten = forgetBefore(clock.instant().minus(config.retention()));
        if (forgotten > 0) {
            LOG.infof("%d tasks that ended long ago are forgotten", forgotten);
        }
    }

    /** A task goes with everything it handed on, so the whole tree has to be that old. */
    int forgetBefore(Instant limit) {
        return jdbi.inTransaction(tx -> {
            List<UUID> old =
                    tx.createQuery("""
                            WITH RECURSIVE tree AS (
                              SELECT id, id AS root, finished_at FROM task WHERE parent_id IS NULL AND finished_at < :limit
                              UNION ALL SELECT t.id, tree.root, t.finished_at FROM task t JOIN tree ON t.parent_id = tree.id)
                            SELECT id FROM tree WHERE root NOT IN (
                              SELECT root FROM tree WHERE finished_at IS NULL OR finished_at >= :limit)""").bind("limit", limit).mapTo(UUID.class).list();
            tx.createUpdate("DELETE FROM task_step WHERE task_id = ANY(:old)")
                    .bindArray("old", UUID.class, old)
                    .execute();
            tx.createUpdate("DELETE FROM task WHERE id = ANY(:old)")
                    .bindArray("old", UUID.class, old)
                    .execute();
            tx.createUpdate("""
                            DELETE FROM instance i WHERE state = 'stopped' AND stopped_at < :limit
                              AND NOT EXISTS (SELECT 1 FROM task t WHERE t.instance_id = i.id)""").bind("limit", limit).execute();
            return old.size();
        });
    }
}
