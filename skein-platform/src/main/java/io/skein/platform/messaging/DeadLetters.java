package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.topology.ReplayedMessage;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.messaging.DeadLetter.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * Reads the queue of dead letters for a {@link DeadLetterConsumer}. Every header may be forged, {@code x-death} too; the user of
 * the connection that published a message is the one thing the broker vouches for, and it survives the death.
 */
@ApplicationScoped
class DeadLetters {

    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    private static final int PREFETCH = 8;
    private static final long MAX_DELAY_MILLIS = 15_000;
    private static final long FIRST_DELAY_MILLIS = 200;

    @Inject
    Jdbi jdbi;

    @Inject
    SenderCheck senders;

    @Inject
    Clock clock;

    /** One death among those a message carries. */
    private record Death(String exchange, String routingKey, String reason, Instant at, long count) {}

    void open(DeadLetterConsumer consumer, Channel channel, BooleanSupplier stopping) throws IOException {
        channel.basicQos(PREFETCH);
        channel.basicConsume(Queue.DEAD_LETTERS.wire(), false, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                keep(consumer, channel, new Message(envelope, properties, body), stopping);
            }
        });
    }

    /** Until it is kept: this queue has no other way out. */
    private void keep(DeadLetterConsumer consumer, Channel channel, Message message, BooleanSupplier stopping) {
        DeadLetter letter = read(message);
        long delay = FIRST_DELAY_MILLIS;
        while (!stopping.getAsBoolean()) {
            try {
                Handling.inRequestContext(() -> jdbi.<Exception>useTransaction(tx -> {
                    if (Inbox.add(tx, Queue.DEAD_LETTERS.wire(), letter.key())) {
                        consumer.handle(tx, letter);
                    }
                }));
                channel.basicAck(message.tag(), false);
                return;
            } catch (IOException e) {
                LOG.debugf("dead letter not acknowledged: %s", e.getMessage());
                return;
            } catch (Exception e) {
                LOG.warnf(
                        "a dead letter of %s waits, trying again in %d ms: %s", letter.queue(), delay, e.getMessage());
                if (!channel.isOpen() || !Handling.sleep(delay)) {
                    return;
                }
                delay = Math.min(MAX_DELAY_MILLIS, delay * 2);
            }
        }
    }

    private DeadLetter read(Message message) {
        AMQP.BasicProperties properties = message.properties();
        String queue = message.envelope().getRoutingKey();
        String sender = properties.getUserId() == null ? "" : properties.getUserId();
        Death death = death(properties.getHeaders(), queue);
        UUID key = UUID.nameUUIDFromBytes(
                String.join("\n", queue, sender, String.valueOf(properties.getMessageId()), String.valueOf(death))
                        .getBytes(StandardCharsets.UTF_8));
        if (death == null) {
            ReplayedMessage buried = carried(message, new Death("", "", "buried", clock.instant(), 1), sender);
            return new DeadLetter(key, queue, "buried", Verdict.BURIED, "", clock.instant(), buried);
        }
        ReplayedMessage carried = carried(message, death, sender);
        try {
            senders.admit(message.instead(carried));
            return new DeadLetter(key, queue, death.reason(), Verdict.FAILED, "", death.at(), carried);
        } catch (RefusedMessageException e) {
            String detail = e.reason().wire() + ": " + e.claimed();
            return new DeadLetter(key, queue, death.reason(), Verdict.REFUSED, detail, death.at(), carried);
        } catch (MalformedMessageException e) {
            return new DeadLetter(
                    key, queue, death.reason(), Verdict.MALFORMED, String.valueOf(e.getMessage()), death.at(), carried);
        }
    }

    /** What died twice is what was given back: not the wrapping is kept but what it held. */
    private ReplayedMessage carried(Message message, Death death, String sender) {
        boolean replayed = Exchange.REPLAY.wire().equals(death.exchange())
                && BrokerIdentity.parse(sender)
                        .filter(identity -> senders.maySay(identity, Exchange.REPLAY, death.routingKey()))
                        .isPresent();
        if (replayed) {
            try {
                return WireFormat.read(message.body(), ReplayedMessage.class);
            } catch (MalformedMessageException e) {
                LOG.debugf("no dead letter inside: %s", e.getMessage());
            }
        }
        return new ReplayedMessage(
                death.exchange(),
                death.routingKey(),
                sender,
                message.properties().getMessageId(),
                message.properties().getContentType(),
                message.texts(),
                message.body());
    }

    /** How it died in this queue, or null when no broker says so: then a reader put it here. */
    private Death death(Map<String, Object> headers, String queue) {
        if (headers == null || !(headers.get("x-death") instanceof List<?> deaths)) {
            return null;
        }
        for (Object entry : deaths) {
            if (entry instanceof Map<?, ?> death && queue.equals(text(death.get("queue")))) {
                String key = death.get("routing-keys") instanceof List<?> keys && !keys.isEmpty()
                        ? text(keys.getFirst())
                        : "";
                return new Death(
                        text(death.get("exchange")),
                        key,
                        text(death.get("reason")),
                        death.get("time") instanceof Date time ? believable(time.toInstant()) : clock.instant(),
                        death.get("count") instanceof Number count ? count.longValue() : 1);
            }
        }
        return null;
    }

    /** A forged one may lie beyond what a database can store, and this queue would stand still for ever. */
    private Instant believable(Instant time) {
        Instant now = clock.instant();
        return time.isBefore(Instant.EPOCH) || time.isAfter(now) ? now : time;
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }
}
