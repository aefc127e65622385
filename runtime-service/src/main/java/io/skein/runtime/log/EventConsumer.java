package io.skein.runtime.log;

import io.skein.contracts.topology.Queue;
import io.skein.platform.messaging.BatchConsumer;
import io.skein.platform.messaging.Delivery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Logs the events of one priority. Each priority has a queue and a consumer of its own, and its weight says how much of it one
 * transaction takes and how often it is its turn: a flood of low keeps one consumer busy with small batches and nobody else, and the
 * one for low is never taken away from it.
 */
abstract class EventConsumer implements BatchConsumer {

    /** The inbox all four share: an id is logged once, whatever priority it comes under. */
    static final String INBOX = "skein.runtime.events";

    private final Queue queue;
    private final Turns turns;
    private final LogWriter writer;

    EventConsumer(Queue queue, Turns turns, LogWriter writer) {
        this.queue = queue;
        this.turns = turns;
        this.writer = writer;
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public int batch() {
        return turns.weight(queue) * Turns.EVENTS_PER_WEIGHT;
    }

    @Override
    public String inbox() {
        return INBOX;
    }

    @Override
    public UUID key(Delivery delivery) {
        return delivery.event().id();
    }

    /** What is critical is never kept; the others are kept for less time than anybody notices. */
    @Override
    public Duration gathers() {
        return queue == Queue.RUNTIME_CRITICAL ? Duration.ZERO : Duration.ofMillis(5);
    }

    @Override
    public void begin() throws InterruptedException {
        turns.begin(queue);
    }

    @Override
    public void end(int messages, boolean more) {
        turns.end(queue, messages, more);
    }

    @Override
    public void handle(Handle tx, List<Delivery> deliveries) throws SQLException {
        writer.write(tx, deliveries.stream().map(Delivery::event).toList());
    }
}
