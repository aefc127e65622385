package io.skein.platform.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.Envelope;
import io.skein.contracts.topology.Queue;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** What is acknowledged: never what was not handled. */
class BatchLoopTest {

    private record Ack(long tag, boolean upTo) {}

    private final List<Ack> acks = new CopyOnWriteArrayList<>();
    private final AtomicReference<Consumer> consumer = new AtomicReference<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch all = new CountDownLatch(1);

    private final Channel channel = (Channel) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("basicAck")) {
                    acks.add(new Ack((long) arguments[0], (boolean) arguments[1]));
                } else if (method.getName().equals("basicConsume")) {
                    consumer.set((Consumer) arguments[arguments.length - 1]);
                    return "tag";
                }
                return null;
            });

    /** The first message fails in the very moment of the shutdown, the others of its batch go well. */
    private final class Failing extends Handling {

        @Override
        Delivery admit(Target target, Channel on, Message message, BooleanSupplier stop) throws Exception {
            if (message.tag() == 1) {
                all.await();
                stopping.set(true);
                throw new IllegalStateException("the refusal cannot be recorded");
            }
            return new Delivery(UUID.randomUUID(), "low.a.b", new byte[0], null, Map.of(), null, 0);
        }

        @Override
        int handle(Target target, List<Delivery> deliveries) {
            return deliveries.size();
        }

        @Override
        void count(Queue queue, String outcome, int messages) {}
    }

    private static class Ten implements BatchConsumer {

        @Override
        public Queue queue() {
            return Queue.RUNTIME_LOW;
        }

        @Override
        public int batch() {
            return 10;
        }

        @Override
        public void handle(Handle tx, List<Delivery> deliveries) {}
    }

    @Test
    void aMessageThatFailsDuringTheShutdownIsNotAcknowledgedWithTheRestOfItsBatch() throws Exception {
        var loop = new BatchLoop(
                new Failing(),
                new Ten() {
                    @Override
                    public void begin() throws InterruptedException {
                        all.await();
                    }
                },
                channel,
                stopping::get);
        loop.start();
        for (long tag = 1; tag <= 3; tag++) {
            consumer.get()
                    .handleDelivery(
                            "tag",
                            new Envelope(tag, false, "skein.events", "low.a.b"),
                            new AMQP.BasicProperties(),
                            new byte[0]);
        }
        all.countDown();
        await().until(() -> acks.stream().anyMatch(ack -> ack.tag() == 3));
        assertEquals(List.of(new Ack(2, false), new Ack(3, false)), acks);
    }
}
