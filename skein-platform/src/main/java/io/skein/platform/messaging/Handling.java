package io.skein.platform.messaging;

import com.rabbitmq.client.Channel;
import io.micrometer.core.instrument.MeterRegistry;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.MalformedMessageException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What happens to delivered messages; {@link QueueConsumer} and {@link BatchConsumer} draw it. */
@ApplicationScoped
class Handling {

    private static final Logger LOG = Logger.getLogger(Handling.class);
    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long MAX_DELAY_MILLIS = 15_000;
    private static final long RECONNECT_MILLIS = 1000;

    /** A consumer of either kind, as what becomes of one message sees it. */
    record Target(Queue queue, String name, String inbox, Function<Delivery, UUID> key, Work handler) {

        static Target of(QueueConsumer consumer) {
            String name = consumer.queue().of(consumer.team());
            return new Target(
                    consumer.queue(),
                    name,
                    name,
                    Delivery::messageId,
                    (tx, deliveries) -> consumer.handle(tx, deliveries.getFirst()));
        }

        static Target of(BatchConsumer consumer) {
            return new Target(
                    consumer.queue(), consumer.queue().wire(), consumer.inbox(), consumer::key, consumer::handle);
        }
    }

    /** What a consumer does with messages. */
    interface Work {
        void on(Handle tx, List<Delivery> deliveries) throws Exception;
    }

    /** Anything that may fail. */
    interface Step {
        void run() throws Exception;
    }

    @Inject
    Jdbi jdbi;

    @Inject
    MeterRegistry metrics;

    @Inject
    SenderCheck senders;

    @Inject
    Refusals refusals;

    @Inject
    Burial burial;

    /**
     * One message from its check to its acknowledgement. A dead one is settled here, too.
     *
     * @throws Exception when it should come again later
     */
    void consume(Target target, Channel channel, Message message, BooleanSupplier stopping) throws Exception {
        Delivery delivery = admit(target, channel, message, stopping);
        if (delivery == null) {
            return;
        }
        try {
            int[] fresh = new int[1];
            whenDatabaseIsThere(target.queue(), stopping, () -> fresh[0] = handle(target, List.of(delivery)));
            channel.basicAck(message.tag(), false);
            count(target.queue(), fresh[0] == 1 ? "handled" : "duplicate", 1);
        } catch (RefusedMessageException e) {
            refuse(target, channel, message, e, stopping);
        } catch (MalformedMessageException e) {
            malformed(target, channel, message, e);
        }
    }

    /** The message, or null when it was not its sender's to say, or not readable, and is settled. */
    Delivery admit(Target target, Channel channel, Message message, BooleanSupplier stopping) throws Exception {
        Message original = message;
        try {
            original = senders.unwrapped(message);
            return senders.admit(original);
        } catch (RefusedMessageException e) {
            refuse(target, channel, original, e, stopping);
        } catch (MalformedMessageException e) {
            malformed(target, channel, message, e);
        }
        return null;
    }

    private void refuse(
            Target target, Channel channel, Message message, RefusedMessageException why, BooleanSupplier stopping)
            throws Exception {
        // On record first: a crash in between refuses it again, and nothing is refused unseen.
        whenDatabaseIsThere(
                target.queue(),
                stopping,
                () -> refusals.record(target.name(), message.envelope(), message.properties(), why));
        burial.die(target.queue(), channel, message);
        count(target.queue(), "refused", 1);
    }

    private void malformed(Target target, Channel channel, Message message, MalformedMessageException why)
            throws IOException {
        LOG.warnf("%s: message is dead, not readable: %s", target.name(), why.getMessage());
        burial.die(target.queue(), channel, message);
        count(target.queue(), "malformed", 1);
    }

    /** Handles those that are new, in one transaction. Returns how many were. */
    int handle(Target target, List<Delivery> deliveries) throws Exception {
        int[] fresh = new int[1];
        inRequestContext(() -> jdbi.<Exception>useTransaction(tx -> {
            List<Delivery> news = news(tx, target, deliveries);
            fresh[0] = news.size();
            if (!news.isEmpty()) {
                target.handler().on(tx, news);
            }
        }));
        return fresh[0];
    }

    private static List<Delivery> news(Handle tx, Target target, List<Delivery> deliveries) throws Exception {
        if (target.queue().exchange() == Exchange.HEARTBEATS) {
            return deliveries;
        }
        if (deliveries.size() == 1) {
            UUID key = target.key().apply(deliveries.getFirst());
            return Inbox.add(tx, target.inbox(), key) ? deliveries : List.of();
        }
        Map<UUID, Delivery> byKey = new LinkedHashMap<>();
        deliveries.forEach(delivery -> byKey.putIfAbsent(target.key().apply(delivery), delivery));
        Set<UUID> fresh = Inbox.add(tx, target.inbox(), byKey.keySet());
        Collection<Delivery> news = byKey.values();
        byKey.keySet().retainAll(fresh);
        return List.copyOf(news);
    }

    void whenDatabaseIsThere(Queue queue, BooleanSupplier stopping, Step step) throws Exception {
        boolean warned = false;
        while (true) {
            try {
                step.run();
                return;
            } catch (ConnectionException e) {
                if (!warned) {
                    LOG.warnf("%s: the database is away, the message waits", queue.wire());
                    warned = true;
                }
                if (stopping.getAsBoolean() || !sleep(RECONNECT_MILLIS)) {
                    throw e;
                }
            }
        }
    }

    static void inRequestContext(Step step) throws Exception {
        var context = io.quarkus.arc.Arc.container().requestContext();
        context.activate();
        try {
            step.run();
        } finally {
            context.terminate();
        }
    }

    /** What comes early is nobody's fault. */
    static void complain(Logger log, Target target, Exception why, long delay) {
        if (why instanceof NotYetException) {
            log.debugf("%s: %s; the message goes back to the queue in %d ms", target.name(), why.getMessage(), delay);
        } else {
            log.warnf(why, "%s: message goes back to the queue in %d ms", target.name(), delay);
        }
    }

    /** How long a message that failed stays away from its queue. */
    static long delay(Message message) {
        return Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(message.deliveries(), 10));
    }

    void count(Queue queue, String outcome, int messages) {
        if (messages > 0) {
            metrics.counter("skein.messages.consumed", "queue", queue.wire(), "outcome", outcome)
                    .increment(messages);
        }
    }

    static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
