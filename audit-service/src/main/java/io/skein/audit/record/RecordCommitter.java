package io.skein.audit.record;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.audit.entry.Entry;
import io.skein.audit.entry.EntryRepository;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Brings pending records into git, one process at a time; see {@link TaskRecord} for what a crash leaves. */
@ApplicationScoped
public class RecordCommitter {

    private static final Logger LOG = Logger.getLogger(RecordCommitter.class);
    private static final int BATCH = 200;

    @Inject
    Jdbi jdbi;

    @Inject
    RecordConfig config;

    @Inject
    RecordRepository records;

    @Inject
    EntryRepository entries;

    @Inject
    Outbox outbox;

    @Inject
    Clock clock;

    @Inject
    MeterRegistry metrics;

    private final Semaphore signal = new Semaphore(0);
    private final AtomicLong pending = new AtomicLong();
    private volatile boolean stopping;
    private Thread thread;
    private GitEvidence evidence;
    private String pushed;
    private Optional<GitRemote> remote = Optional.empty();

    void start(@Observes StartupEvent event) {
        remote = config.gitRemote().map(String::strip).map(GitRemote::new);
        metrics.gauge("skein.audit.records.pending", pending);
        thread = Thread.ofPlatform().daemon().name("record-committer").start(this::run);
    }

    /** Before the outbox is flushed, so that what was committed last is told. */
    void stop(@Observes @Priority(300) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        signal();
        thread.join(TimeUnit.SECONDS.toMillis(5));
    }

    /** Something was written: look now. */
    public void signal() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    private void run() {
        boolean failing = false;
        while (!stopping) {
            try {
                if (signal.tryAcquire(config.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                    signal.drainPermits();
                }
                while (commitBatch() == BATCH && !stopping) {
                    LOG.debugf("%d records committed, more are waiting", BATCH);
                }
                push();
                if (failing) {
                    LOG.infof("records are committed to %s again", config.gitDir());
                    failing = false;
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                if (!failing && !stopping) {
                    LOG.warnf(
                            "cannot commit records to %s, they wait in the database: %s",
                            config.gitDir(), e.getMessage());
                }
                failing = true;
                closeEvidence();
            }
        }
        closeEvidence();
    }

    /** How many records became committed. */
    int commitBatch() throws IOException {
        return jdbi.<Integer, IOException>inTransaction(tx -> {
            if (!records.becomeWriter(tx)) {
                // The other writer may leave lock files when it dies: prepare anew when it is our turn.
                closeEvidence();
                return 0;
            }
            List<TaskRecord> batch = records.pending(tx, BATCH);
            if (!batch.isEmpty()) {
                commit(tx, batch);
            }
            pending.set(records.countPending(tx));
            return batch.size();
        });
    }

    private void commit(Handle tx, List<TaskRecord> batch) throws IOException {
        if (evidence == null) {
            evidence = GitEvidence.openToWrite(config.gitDir());
        }
        EntryRepository.Head head = entries.head(tx, Entry.MAIN);
        Instant now = clock.instant();
        List<TaskRecord> missing = new ArrayList<>();
        for (TaskRecord record : batch) {
            Optional<String> commit = evidence.commitOf(record.path(), record.content());
            if (commit.isPresent()) {
                LOG.infof("record %s was committed before a crash, as %s", record.taskId(), commit.get());
                tell(tx, record, commit.get(), head, now);
            } else {
                missing.add(record);
            }
        }
        int together = missing.size() <= config.singleCommits() ? 1 : missing.size();
        for (int i = 0; i < missing.size(); i += together) {
            List<TaskRecord> part = missing.subList(i, i + together);
            Map<String, String> files = new LinkedHashMap<>();
            part.forEach(record -> files.put(record.path(), record.content()));
            String commit = evidence.commit(files, CommitMessage.of(part, head), now);
            part.forEach(record -> tell(tx, record, commit, head, now));
            metrics.counter("skein.audit.commits").increment();
        }
    }

    private void tell(Handle tx, TaskRecord record, String commit, EntryRepository.Head head, Instant now) {
        records.committed(tx, record.taskId(), commit, head.hash(), now);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("taskId", record.taskId());
        data.put("planId", record.planId());
        data.put("path", record.path());
        data.put("commit", commit);
        data.put("chainHead", head.hash());
        data.put("chainSeq", head.seq());
        outbox.event(
                tx,
                SkeinEvent.of(EventTypes.AUDIT_TASK_COMMITTED)
                        .source("/audit-service")
                        .subject(record.taskId())
                        .time(now)
                        .team(record.team())
                        .actor("service:audit-service")
                        .traceId(record.traceId())
                        .planId(record.planId())
                        .owner(record.owner())
                        .data(data)
                        .build());
    }

    private void push() throws IOException {
        if (remote.isEmpty() || evidence == null) {
            return;
        }
        String head = evidence.head();
        if (head == null || head.equals(pushed)) {
            return;
        }
        try {
            evidence.push(remote.get().address());
            pushed = head;
        } catch (IOException e) {
            // The URL may hold a password: it is not logged, and neither is what the transport says about it.
            LOG.warnf("commit %s could not be pushed to the remote, trying again", head);
            metrics.counter("skein.audit.push.failures").increment();
        }
    }

    private void closeEvidence() {
        if (evidence != null) {
            evidence.close();
            evidence = null;
        }
    }
}
