package io.skein.platform.messaging;

import io.skein.contracts.topology.Queue;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;

/** Remembers what it got; the first event of type {@code dying.now} is the end of its thread. */
@Singleton
class DyingBatchConsumer implements BatchConsumer {

    final AtomicInteger deaths = new AtomicInteger();
    final Set<UUID> got = ConcurrentHashMap.newKeySet();

    @Override
    public Queue queue() {
        return Queue.RUNTIME_LOW;
    }

    @Override
    public int batch() {
        return 10;
    }

    @Override
    public void handle(Handle tx, List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            if (delivery.event().type().equals("dying.now") && deaths.incrementAndGet() == 1) {
                throw new StackOverflowError("as with a payload nobody thought of");
            }
        }
        deliveries.forEach(delivery -> got.add(delivery.messageId()));
    }
}
