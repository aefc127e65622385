package io.skein.audit.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.skein.audit.entry.Entry;
import io.skein.audit.entry.EntryFactory;
import io.skein.audit.entry.EntryRepository;
import io.skein.audit.record.FinishedTask;
import io.skein.audit.record.RecordCommitter;
import io.skein.audit.record.RecordRepository;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/** One event, one entry, in the order of the queue. */
@ApplicationScoped
class EventConsumer implements QueueConsumer {

    private static final Logger LOG = Logger.getLogger(EventConsumer.class);

    @Inject
    EntryRepository entries;

    @Inject
    RecordRepository records;

    @Inject
    RecordCommitter committer;

    @Inject
    MeterRegistry metrics;

    @Inject
    Clock clock;

    @Override
    public Queue queue() {
        return Queue.AUDIT_EVENTS;
    }

    @Override
    public int prefetch() {
        return 64;
    }

    @Override
    public void handle(Handle tx, Delivery delivery) {
        SkeinEvent event = delivery.event();
        Optional<FinishedTask> task = FinishedTask.of(event);
        if (task.isEmpty() && event.data().path("record").isObject()) {
            LOG.warnf(
                    "event %s %s brings a record but names no task by id; it stays an entry only",
                    event.type(), event.id());
        }
        Instant now = clock.instant();
        Entry entry = EntryFactory.from(event, task.map(FinishedTask::taskId).orElse(null), now);
        Optional<Entry> appended = entries.append(tx, entry);
        if (appended.isEmpty()) {
            return;
        }
        task.ifPresent(finished -> {
            records.add(tx, appended.get(), finished);
            tx.afterCommit(committer::signal);
        });
        metrics.counter("skein.audit.entries").increment();
        Duration lag = Duration.between(event.time(), now);
        metrics.timer("skein.audit.lag").record(lag.isNegative() ? Duration.ZERO : lag);
    }
}
