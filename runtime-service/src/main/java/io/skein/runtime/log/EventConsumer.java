package io.skein.runtime.log;

import io.skein.contracts.topology.Queue;
import io.skein.platform.messaging.BatchConsumer;
import io.skein.platform.messaging.Delivery;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Logs the events of one priority. Each priority has a queue and a consumer of its own, and its weight says how much of it one
 * transaction takes: a flood of low keeps one consumer busy with small batches and nobody else, and the one for low is never
 * taken away from it.
 */
abstract class EventConsumer implements BatchConsumer {

    /** The inbox all four share: an id is logged once, whatever priority it comes under. */
    static final String INBOX = "skein.runtime.events";

    /** With the prefetch 500 events in all: of 64 KiB each they still fit into the memory of a small service. */
    private static final int EVENTS_PER_WEIGHT = 25;

    private final Queue queue;
    private final int weight;
    private final LogWriter writer;

    EventConsumer(Queue queue, int weight, LogWriter writer) {
        this.queue = queue;
        this.weight = weight;
        this.writer = writer;
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public int batch() {
        return weight * EVENTS_PER_WEIGHT;
    }

    @Override
    public String inbox() {
        return INBOX;
    }

    @Override
    public UUID key(Delivery delivery) {
        return delivery.event().id();
    }

    @Override
    public void handle(Handle tx, List<Delivery> deliveries) throws SQLException {
        writer.write(tx, deliveries.stream().map(Delivery::event).toList());
    }
}
