package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.skein.platform.messaging.Handling.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** One channel of a {@link BatchConsumer}: what it delivers piles up while a batch is written, and is the next batch. */
final class BatchLoop {

    private static final Logger LOG = Logger.getLogger(BatchLoop.class);
    private static final long LOOK_MILLIS = 500;

    /** Who gets a message so soon after the last batch is under load. */
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Handling handling;
    private final BatchConsumer consumer;
    private final Target target;
    private final int size;
    private final Channel channel;
    private final BooleanSupplier shutdown;
    private final BooleanSupplier stopping;
    /** The channel alone was closed: it does not come back, and what it delivered is delivered to another. */
    private volatile boolean over;
    /** Never more than the prefetch. */
    private final BlockingQueue<Message> delivered = new LinkedBlockingQueue<>();
    /** Failed messages that wait for their way back; an ack of everything up to a tag would acknowledge them. */
    private final Set<Long> held = ConcurrentHashMap.newKeySet();

    BatchLoop(Handling handling, BatchConsumer consumer, Channel channel, BooleanSupplier stopping) {
        this.handling = handling;
        this.consumer = consumer;
        this.target = Target.of(consumer);
        this.size = consumer.batch();
        this.channel = channel;
        this.shutdown = stopping;
        this.stopping = () -> over || shutdown.getAsBoolean();
    }

    void start() throws IOException {
        channel.addShutdownListener(cause -> over |= !cause.isHardError());
        Thread.ofVirtual().name(target.name()).start(this::run);
        channel.basicConsume(target.name(), false, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                delivered.add(new Message(envelope, properties, body));
            }
        });
    }

    private void run() {
        List<Message> batch = new ArrayList<>(size);
        long doneAt = System.nanoTime() - BUSY_NANOS;
        while (!stopping.getAsBoolean()) {
            try {
                Message first = delivered.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                if (System.nanoTime() - doneAt < BUSY_NANOS && delivered.size() + 1 < size) {
                    Handling.sleep(consumer.gathers().toMillis());
                }
                consumer.begin();
                try {
                    delivered.drainTo(batch, size - 1);
                    consume(batch);
                } finally {
                    doneAt = System.nanoTime();
                    consumer.end(batch.size(), !delivered.isEmpty());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                // The channel is gone; the broker gives the messages to somebody else, and the inbox keeps them from
                // counting twice.
                LOG.debugf("%s: could not acknowledge: %s", target.name(), e.getMessage());
            } catch (Error e) {
                // Nobody else would notice that this thread is gone; the next one gets the messages again.
                LOG.errorf(e, "%s: a batch of %d ended the consumer, which begins anew", target.name(), batch.size());
                giveUp();
                return;
            } finally {
                batch.clear();
            }
        }
    }

    private void giveUp() {
        try {
            channel.abort();
        } catch (IOException e) {
            LOG.debugf("%s: closing: %s", target.name(), e.getMessage());
        }
    }

    private void consume(List<Message> batch) throws IOException {
        List<Message> good = new ArrayList<>(batch.size());
        List<Delivery> deliveries = new ArrayList<>(batch.size());
        for (Message message : batch) {
            try {
                Delivery delivery = handling.admit(target, channel, message, stopping);
                if (delivery != null) {
                    good.add(message);
                    deliveries.add(delivery);
                }
            } catch (IOException | ShutdownSignalException e) {
                throw e;
            } catch (Exception e) {
                hold(message, e);
            }
        }
        if (good.isEmpty()) {
            return;
        }
        if (good.size() == 1) {
            alone(good.getFirst());
            return;
        }
        int[] fresh = new int[1];
        try {
            handling.whenDatabaseIsThere(
                    target.queue(), stopping, () -> fresh[0] = handling.handle(target, deliveries));
        } catch (Exception e) {
            LOG.debugf("%s: a batch of %d failed, now one by one: %s", target.name(), good.size(), e.getMessage());
            for (Message message : good) {
                alone(message);
            }
            return;
        }
        acknowledge(good);
        handling.count(target.queue(), "handled", fresh[0]);
        handling.count(target.queue(), "duplicate", good.size() - fresh[0]);
    }

    private void acknowledge(List<Message> good) throws IOException {
        if (held.isEmpty()) {
            channel.basicAck(good.getLast().tag(), true);
            return;
        }
        for (Message message : good) {
            channel.basicAck(message.tag(), false);
        }
    }

    private void alone(Message message) throws IOException {
        try {
            handling.consume(target, channel, message, stopping);
        } catch (IOException | ShutdownSignalException e) {
            throw e;
        } catch (Exception e) {
            hold(message, e);
        }
    }

    /** Goes back to the queue later; those behind it do not wait. */
    private void hold(Message message, Exception why) {
        // First of all: the rest of its batch may still be acknowledged.
        held.add(message.tag());
        if (stopping.getAsBoolean()) {
            return;
        }
        long delay = Handling.delay(message);
        Handling.complain(LOG, target, why, delay);
        handling.count(target.queue(), "failed", 1);
        Thread.ofVirtual().name(target.name() + " held").start(() -> {
            try {
                Handling.sleep(delay);
                channel.basicNack(message.tag(), false, true);
            } catch (IOException | RuntimeException e) {
                LOG.debugf("%s: could not give back: %s", target.name(), e.getMessage());
            } finally {
                held.remove(message.tag());
            }
        });
    }
}
