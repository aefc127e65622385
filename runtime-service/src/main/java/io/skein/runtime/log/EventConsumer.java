package io.skein.runtime.log;

import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/**
 * Logs the events of one priority. Each priority has a queue and consumers of its own, four for critical down to one for low:
 * a flood of low keeps one consumer busy and nobody else, and the one for low is never taken away from it.
 */
abstract class EventConsumer implements QueueConsumer {

    private final Queue queue;
    private final int weight;
    private final EventLog log;
    private final Clock clock;
    private final LogListener listener;

    EventConsumer(Queue queue, int weight, EventLog log, Clock clock, LogListener listener) {
        this.queue = queue;
        this.weight = weight;
        this.log = log;
        this.clock = clock;
        this.listener = listener;
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public int concurrency() {
        return weight;
    }

    @Override
    public int prefetch() {
        return 8;
    }

    @Override
    public void handle(Handle tx, Delivery delivery) {
        SkeinEvent event = delivery.event();
        if (log.append(tx, event, clock.instant())) {
            tx.afterCommit(listener::logged);
        }
    }
}
