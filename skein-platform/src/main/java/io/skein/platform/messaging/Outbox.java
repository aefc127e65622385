package io.skein.platform.messaging;

import io.skein.contracts.Ids;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.ReplayedMessage;
import io.skein.contracts.wire.WireFormat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Messages to send once the transaction commits. They are rows in that transaction, so either both the change and the message
 * exist or neither; {@link OutboxPublisher} sends them afterwards, at least once.
 */
@ApplicationScoped
public class Outbox {

    @Inject
    OutboxPublisher publisher;

    @Inject
    SenderCheck senders;

    @Inject
    Self self;

    /** A fact that becomes true with this transaction. */
    public void event(Handle transaction, SkeinEvent event) {
        add(
                transaction,
                event.id(),
                Exchange.EVENTS,
                event.routingKey(),
                SkeinEvent.CONTENT_TYPE,
                WireFormat.write(event));
        send(transaction, event.priority() == Priority.CRITICAL);
    }

    /** An order or an answer of the agent protocol. Somebody waits for each that does more than tell how far the work is. */
    public void work(Handle transaction, String routingKey, AgentMessage message) {
        add(transaction, message.messageId(), Exchange.WORK, routingKey, "application/json", message.toJson());
        send(transaction, !(message.payload() instanceof WorkStatus));
    }

    /** A dead letter, back to the queue it died in and to no other. */
    public void replay(Handle transaction, String queue, ReplayedMessage message) {
        add(transaction, Ids.next(), Exchange.REPLAY, queue, ReplayedMessage.CONTENT_TYPE, WireFormat.write(message));
        send(transaction, false);
    }

    /**
     * A statement that was a transaction by itself wrote into the table: send that now, and not at the next look. Such rows are the
     * service's own responsibility: nobody checks that it may say what they say before the broker does.
     */
    public void written() {
        publisher.signal();
    }

    private void add(
            Handle transaction, UUID messageId, Exchange exchange, String key, String contentType, byte[] body) {
        if (!senders.maySay(self.identity(), exchange, key)) {
            // The broker would refuse it, again and again, and hold up everything behind it.
            throw new IllegalStateException(self.identity().userName() + " may not publish " + key + " to "
                    + exchange.wire() + "; io.skein.contracts.topology.BrokerRights says who may");
        }
        transaction.execute(
                "INSERT INTO outbox (message_id, exchange, routing_key, content_type, body) VALUES (?, ?, ?, ?, ?)",
                messageId,
                exchange.wire(),
                key,
                contentType,
                body);
    }

    private void send(Handle transaction, boolean urgent) {
        Runnable signal = urgent ? publisher::signalUrgent : publisher::signal;
        if (transaction.isInTransaction()) {
            transaction.afterCommit(signal);
        } else {
            signal.run();
        }
    }
}
