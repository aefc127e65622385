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
import io.skein.platform.messaging.BatchConsumer;
import io.skein.platform.messaging.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * One event, one entry, in the order of the queue. What has piled up is written in one transaction: the end of the chain can be
 * held by one writer only, so what counts is how often it is taken.
 */
@ApplicationScoped
class EventConsumer implements BatchConsumer {

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
    public int batch() {
        return 128;
    }

    /** Nobody waits for an entry. */
    @Override
    public Duration gathers() {
        return Duration.ofMillis(100);
    }

    @Override
    public void handle(Handle tx, List<Delivery> deliveries) {
        Instant now = clock.instant();
        List<Entry> made = new ArrayList<>(deliveries.size());
        Map<Entry.Event, FinishedTask> tasks = new HashMap<>();
        for (Delivery delivery : deliveries) {
            SkeinEvent event = delivery.event();
            Optional<FinishedTask> task = FinishedTask.of(event);
            if (task.isEmpty() && event.data().path("record").isObject()) {
                LOG.warnf(
                        "event %s %s brings a record but names no task by id; it stays an entry only",
                        event.type(), event.id());
            }
            Entry entry =
                    EntryFactory.from(event, task.map(FinishedTask::taskId).orElse(null), now);
            made.add(entry);
            task.ifPresent(finished -> tasks.putIfAbsent(entry.event(), finished));
        }
        for (Entry appended : entries.append(tx, made)) {
            FinishedTask finished = tasks.get(appended.event());
            if (finished != null) {
                records.add(tx, appended, finished);
                tx.afterCommit(committer::signal);
            }
            metrics.counter("skein.audit.entries").increment();
            Duration lag = Duration.between(appended.at(), now);
            metrics.timer("skein.audit.lag").record(lag.isNegative() ? Duration.ZERO : lag);
        }
    }
}
