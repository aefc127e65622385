package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.platform.messaging.Handling.Target;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Starts every {@link QueueConsumer}, {@link BatchConsumer} and {@link BroadcastConsumer}; these say what happens to a message. */
@ApplicationScoped
class Consumers {

    private static final Logger LOG = Logger.getLogger(Consumers.class);
    private static final long RECONNECT_MILLIS = 1000;

    @Inject
    Broker broker;

    @Inject
    Handling handling;

    @Inject
    SenderCheck senders;

    @Inject
    Refusals refusals;

    @Inject
    Burial burial;

    @Inject
    @All
    List<QueueConsumer> queueConsumers;

    @Inject
    @All
    List<BatchConsumer> batchConsumers;

    @Inject
    @All
    List<BroadcastConsumer> broadcastConsumers;

    @Inject
    @All
    List<DeadLetterConsumer> deadLetterConsumers;

    @Inject
    DeadLetters deadLetters;

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

    private interface Opening {
        void open() throws IOException;
    }

    private void openAll() {
        List<Opening> waiting = new ArrayList<>();
        queueConsumers.stream().filter(QueueConsumer::enabled).forEach(consumer -> {
            for (int i = 0; i < consumer.concurrency(); i++) {
                waiting.add(() -> open(consumer));
            }
        });
        batchConsumers.stream().filter(BatchConsumer::enabled).forEach(consumer -> waiting.add(() -> open(consumer)));
        broadcastConsumers.forEach(consumer -> waiting.add(() -> open(consumer)));
        deadLetterConsumers.forEach(consumer -> waiting.add(() -> open(consumer)));
        boolean failing = false;
        while (!stopping && !(waiting.isEmpty() && broker.isOpen())) {
            try {
                if (waiting.isEmpty()) {
                    broker.channel().abort();
                }
                while (!waiting.isEmpty()) {
                    waiting.getLast().open();
                    waiting.removeLast();
                }
            } catch (IOException | RuntimeException e) {
                if (!failing && !stopping) {
                    LOG.warnf("cannot consume from RabbitMQ yet, trying every second: %s", cause(e));
                    failing = true;
                }
                if (!Handling.sleep(RECONNECT_MILLIS)) {
                    return;
                }
            }
        }
    }

    private void open(BatchConsumer consumer) throws IOException {
        Channel channel = register(broker.channel());
        channel.basicQos(consumer.prefetch());
        new BatchLoop(handling, consumer, channel, () -> stopping).start();
        replace(channel, () -> open(consumer));
    }

    private void open(DeadLetterConsumer consumer) throws IOException {
        Channel channel = register(broker.channel());
        deadLetters.open(consumer, channel, () -> stopping);
        replace(channel, () -> open(consumer));
    }

    private void open(QueueConsumer consumer) throws IOException {
        Channel channel = register(broker.channel());
        channel.basicQos(consumer.prefetch());
        Target target = Target.of(consumer);
        channel.basicConsume(target.name(), false, new com.rabbitmq.client.DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                deliver(target, channel, new Message(envelope, properties, body));
            }
        });
        replace(channel, () -> open(consumer));
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
                    Delivery delivery = senders.admit(new Message(envelope, properties, body));
                    Handling.inRequestContext(() -> consumer.handle(delivery));
                } catch (RefusedMessageException e) {
                    refuseBroadcast(channel, queue, new Message(envelope, properties, body), e);
                } catch (Exception e) {
                    LOG.warnf(e, "broadcast %s not handled", envelope.getRoutingKey());
                }
            }
        });
        replace(channel, () -> open(consumer));
    }

    /**
     * Opens another when this one alone is closed: by the broker after half an hour in which nothing was acknowledged (a database that
     * was away for long), or by a batch that ended its thread. A lost connection brings its channels back by itself.
     */
    private void replace(Channel channel, Opening another) {
        AtomicBoolean told = new AtomicBoolean();
        channel.addShutdownListener(cause -> {
            if (!cause.isHardError() && !stopping && told.compareAndSet(false, true)) {
                LOG.warnf("a consumer's channel was closed, opening another: %s", cause.getMessage());
                Thread.ofVirtual().name("consumers again").start(() -> again(channel, another));
            }
        });
    }

    private void again(Channel closed, Opening another) {
        synchronized (channels) {
            channels.remove(closed);
        }
        try {
            // Or it would come back, too, with the next connection.
            closed.abort();
        } catch (IOException | RuntimeException e) {
            LOG.debugf("closing a consumer: %s", e.getMessage());
        }
        while (!stopping && Handling.sleep(RECONNECT_MILLIS)) {
            try {
                another.open();
                return;
            } catch (IOException | RuntimeException e) {
                LOG.debugf("not yet: %s", cause(e));
            }
        }
    }

    private void refuseBroadcast(Channel channel, String queue, Message message, RefusedMessageException refused) {
        try {
            burial.bury(channel, queue, message);
            refusals.record(queue, message.envelope(), message.properties(), refused);
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

    private void deliver(Target target, Channel channel, Message message) {
        try {
            try {
                handling.consume(target, channel, message, () -> stopping);
            } catch (Exception e) {
                if (stopping) {
                    return;
                }
                long delay = Handling.delay(message);
                Handling.complain(LOG, target, e, delay);
                Handling.sleep(delay);
                channel.basicNack(message.tag(), false, true);
                handling.count(target.queue(), "failed", 1);
            }
        } catch (IOException | RuntimeException e) {
            // The channel is gone; the broker gives the message to somebody else, and the inbox keeps it from counting
            // twice.
            LOG.debugf("%s: could not acknowledge: %s", target.name(), e.getMessage());
        }
    }

    private static String cause(Exception e) {
        return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
    }
}
