package io.skein.platform;

import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;

/** Writes down what it got; fails twice on {@code flaky.*}. */
@ApplicationScoped
public class NotingConsumer implements QueueConsumer {

    final AtomicInteger flaky = new AtomicInteger();

    @Override
    public Queue queue() {
        return Queue.RUNTIME_NORMAL;
    }

    @Override
    public void handle(Handle tx, Delivery delivery) {
        SkeinEvent event = delivery.event();
        tx.execute("INSERT INTO noted (message_id, type) VALUES (?, ?)", delivery.messageId(), event.type());
        if (event.type().startsWith("flaky.") && flaky.incrementAndGet() < 3) {
            throw new IllegalStateException("not yet");
        }
    }
}
