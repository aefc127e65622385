package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.MalformedMessageException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;

/** Starts every {@link QueueConsumer} and {@link BroadcastConsumer}; see {@link QueueConsumer} for what happens to a message. */
@ApplicationScoped
class Consumers {

    private static final Logger LOG = Logger.getLogger(Consumers.class);
    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long MAX_DELAY_MILLIS = 15_000;
    private static final long RECONNECT_MILLIS = 1000;
    private static final int MAX_DEAD_BYTES = 64 * 1024;
    /** Who sent a dead letter that a consumer put there. */
    private static final String SENDER_HEADER = "x-skein-sender";

    @Inject
    Broker broker;

    @Inject
    Jdbi jdbi;

    @Inject
    MeterRegistry metrics;

    @Inject
    SenderCheck senders;

    @Inject
    Refusals refusals;

    @Inject
    @All
    List<QueueConsumer> queueConsumers;

    @Inject
    @All
    List<BroadcastConsumer> broadcastConsumers;

    private final List<Channel> channels = new ArrayList<>();
    private volatile boolean stopping;
    private Thread starter;

    void start(@Observes @Priority(3000) StartupEvent event) {
        starter = Thread.ofVirtual().name("consumers").start(this::openAll);
    }

    /** Stops taking work first thing in a shutdown; what was delivered and not finished goes back to the queue. */
    void stop(@Observes @Priority(100) ShutdownEvent event) {
        stopping = true;
        starter.interrupt();
        synchronized (channels) {
            channels.forEach(channel -> {
                try {
                    channel.abort();
                } catch (IOException e) {
                    LOG.debugf("closing a consumer: %s", e.getMessage());
                }
            });
        }
    }

    private void openAll() {
        List<QueueConsumer> queues = new ArrayList<>();
        queueConsumers.stream().filter(QueueConsumer::enabled).forEach(consumer -> {
            for (int i = 0; i < consumer.concurrency(); i++) {
                queues.add(consumer);
            }
        });
        List<BroadcastConsumer> broadcasts = new ArrayList<>(broadcastConsumers);
        boolean failing = false;
        while (!stopping && !(queues.isEmpty() && broadcasts.isEmpty() && broker.isOpen())) {
            try {
                if (queues.isEmpty() && broadcasts.isEmpty()) {
                    broker.channel().abort();
                }
                while (!queues.isEmpty()) {
                    open(queues.getLast());
                    queues.removeLast();
                }
                while (!broadcasts.isEmpty()) {
                    open(broadcasts.getLast());
                    broadcasts.removeLast();
                }
            } catch (IOException | RuntimeException e) {
                if (!failing && !stopping) {
                    LOG.warnf("cannot consume from RabbitMQ yet, trying every second: %s", cause(e));
                    failing = true;
                }
                if (!sleep(RECONNECT_MILLIS)) {
                    return;
                }
            }
        }
    }

    private void open(QueueConsumer consumer) throws IOException {
        Channel channel = register(broker.channel());
        channel.basicQos(consumer.prefetch());
        channel.basicConsume(name(consumer), false, new com.rabbitmq.client.DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                deliver(consumer, channel, envelope, properties, body);
            }
        });
    }

    private void open(BroadcastConsumer consumer) throws IOException {
        Channel channel = register(broker.channel());
        String queue = channel.queueDeclare().getQueue();
        for (String binding : consumer.bindings()) {
            channel.queueBind(queue, consumer.exchange().wire(), binding);
        }
        channel.basicConsume(queue, true, new com.rabbitmq.client.DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                try {
                    Delivery delivery = senders.admit(envelope, properties, body);
                    inRequestContext(() -> consumer.handle(delivery));
                } catch (RefusedMessageException e) {
                    refuseBroadcast(channel, queue, envelope, properties, body, e);
                } catch (Exception e) {
                    LOG.warnf(e, "broadcast %s not handled", envelope.getRoutingKey());
                }
            }
        });
    }

    private void refuseBroadcast(
            Channel channel,
            String queue,
            Envelope envelope,
            AMQP.BasicProperties properties,
            byte[] body,
            RefusedMessageException refused) {
        try {
            bury(channel, queue, properties, body);
            refusals.record(queue, envelope, properties, refused);
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "a refused broadcast could not be recorded");
        }
    }

    private Channel register(Channel channel) {
        synchronized (channels) {
            channels.add(channel);
        }
        return channel;
    }

    private void deliver(
            QueueConsumer consumer, Channel channel, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        Queue queue = consumer.queue();
        long tag = envelope.getDeliveryTag();
        try {
            try {
                count(queue, consume(consumer, channel, envelope, properties, body));
            } catch (Exception e) {
                if (stopping) {
                    return;
                }
                long delay = delay(properties);
                LOG.warnf(e, "%s: message goes back to the queue in %d ms", queue.wire(), delay);
                sleep(delay);
                channel.basicNack(tag, false, true);
                count(queue, "failed");
            }
        } catch (IOException | RuntimeException e) {
            // The channel is gone; the broker gives the message to somebody else, and the inbox keeps it from counting
            // twice.
            LOG.debugf("%s: could not acknowledge: %s", queue.wire(), e.getMessage());
        }
    }

    /** What became of it. */
    private String consume(
            QueueConsumer consumer, Channel channel, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
            throws Exception {
        Queue queue = consumer.queue();
        try {
            Delivery delivery = senders.admit(envelope, properties, body);
            boolean[] fresh = new boolean[1];
            whenDatabaseIsThere(queue, () -> fresh[0] = handle(consumer, delivery));
            channel.basicAck(envelope.getDeliveryTag(), false);
            return fresh[0] ? "handled" : "duplicate";
        } catch (RefusedMessageException e) {
            // On record first: a crash in between refuses it again, and nothing is refused unseen.
            whenDatabaseIsThere(queue, () -> refusals.record(name(consumer), envelope, properties, e));
            die(queue, channel, envelope, properties, body);
            return "refused";
        } catch (MalformedMessageException e) {
            LOG.warnf("%s: message is dead, not readable: %s", queue.wire(), e.getMessage());
            die(queue, channel, envelope, properties, body);
            return "malformed";
        }
    }

    private static String name(QueueConsumer consumer) {
        return consumer.queue().of(consumer.team());
    }

    private void die(Queue queue, Channel channel, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
            throws IOException {
        if (queue.kind() == Queue.Kind.TRANSIENT) {
            // Without a dead-letter exchange of its own, or every heartbeat that expires would end there.
            bury(channel, queue.wire(), properties, body);
        }
        channel.basicReject(envelope.getDeliveryTag(), false);
    }

    /** Puts somebody else's message among the dead letters: under our name, with the sender's in a header. */
    private void bury(Channel channel, String queue, AMQP.BasicProperties properties, byte[] body) throws IOException {
        Map<String, Object> headers = new HashMap<>();
        headers.put(SENDER_HEADER, properties.getUserId() == null ? "" : properties.getUserId());
        channel.basicPublish(
                Exchange.DEAD.wire(),
                queue,
                new AMQP.BasicProperties.Builder()
                        .messageId(properties.getMessageId())
                        .contentType(properties.getContentType())
                        .userId(broker.user())
                        .headers(headers)
                        .deliveryMode(2)
                        .build(),
                Arrays.copyOf(body, Math.min(body.length, MAX_DEAD_BYTES)));
    }

    private void whenDatabaseIsThere(Queue queue, Work work) throws Exception {
        boolean warned = false;
        while (true) {
            try {
                work.run();
                return;
            } catch (ConnectionException e) {
                if (!warned) {
                    LOG.warnf("%s: the database is away, the message waits", queue.wire());
                    warned = true;
                }
                if (stopping || !sleep(RECONNECT_MILLIS)) {
                    throw e;
                }
            }
        }
    }

    /** True when the message was new. */
    private boolean handle(QueueConsumer consumer, Delivery delivery) throws Exception {
        boolean[] fresh = new boolean[1];
        inRequestContext(() -> jdbi.<Exception>useTransaction(tx -> {
            fresh[0] = consumer.queue().exchange() == Exchange.HEARTBEATS
                    || tx.execute(
                                    "INSERT INTO inbox (queue, message_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                                    name(consumer),
                                    delivery.messageId())
                            == 1;
            if (fresh[0]) {
                consumer.handle(tx, delivery);
            }
        }));
        return fresh[0];
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void inRequestContext(Work work) throws Exception {
        var context = io.quarkus.arc.Arc.container().requestContext();
        context.activate();
        try {
            work.run();
        } finally {
            context.terminate();
        }
    }

    private static long delay(AMQP.BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders();
        long deliveries =
                headers != null && headers.get("x-delivery-count") instanceof Number count ? count.longValue() : 0;
        return Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(deliveries, 10));
    }

    private void count(Queue queue, String outcome) {
        metrics.counter("skein.messages.consumed", "queue", queue.wire(), "outcome", outcome)
                .increment();
    }

    private static String cause(Exception e) {
        return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
    }

    private static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
