package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import io.micrometer.core.instrument.MeterRegistry;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Keeps the evidence of refused messages. */
@ApplicationScoped
class Refusals {

    private static final Logger LOG = Logger.getLogger(Refusals.class);
    /** Of a sender that is nobody's: those who run the fleet should know. */
    private static final String HOME_TEAM = "default";

    private static final int MAX_KEY = 255;

    @Inject
    Jdbi jdbi;

    @Inject
    Outbox outbox;

    @Inject
    MeterRegistry metrics;

    @Inject
    Clock clock;

    @Inject
    Self self;

    private final RefusalLimit limit = new RefusalLimit();

    /** Returns when it is on record; the event says how many of the same sender were not told of before it. */
    void record(String queue, Envelope envelope, AMQP.BasicProperties properties, RefusedMessageException refused) {
        String reason = refused.reason().wire();
        metrics.counter("skein.messages.refused", "queue", meterTag(queue), "reason", reason)
                .increment();
        String sender = properties.getUserId() == null ? "" : properties.getUserId();
        OptionalLong untold = limit.tell(sender, clock.instant());
        if (untold.isEmpty()) {
            return;
        }
        LOG.warnf(
                "%s: message refused (%s): the broker's user \"%s\" may not say this; it claimed \"%s\", routing key \"%s\"",
                queue, reason, line(sender), line(refused.claimed()), line(envelope.getRoutingKey()));
        Optional<BrokerIdentity> identity = BrokerIdentity.parse(sender);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("sender", sender);
        data.put("claimed", refused.claimed());
        data.put("queue", queue);
        data.put("routingKey", cut(envelope.getRoutingKey()));
        data.put("reason", reason);
        if (untold.getAsLong() > 0) {
            data.put("untold", untold.getAsLong());
        }
        BrokerIdentity me = self.identity();
        SkeinEvent event = SkeinEvent.of(EventTypes.MESSAGE_REFUSED)
                .source(me.source())
                .subject(sender.isEmpty() ? "nobody" : sender)
                .time(clock.instant())
                .priority(Priority.HIGH)
                // An agent may speak for its own team only, also when it complains.
                .team(me.onlyTeam()
                        .or(() -> identity.flatMap(BrokerIdentity::onlyTeam))
                        .orElse(HOME_TEAM))
                .actor(actor(me))
                .data(data)
                .build();
        jdbi.useTransaction(tx -> outbox.event(tx, event));
    }

    private static String actor(BrokerIdentity me) {
        return switch (me) {
            case BrokerIdentity.Agent agent -> "agent:" + agent.agentId();
            case BrokerIdentity.Service service -> "service:" + service.name();
            case BrokerIdentity.Node node -> "node:" + node.node();
        };
    }

    /** A queue the broker named would be a new time series with each connection. */
    private static String meterTag(String queue) {
        return queue.startsWith("amq.") ? "broadcast" : queue;
    }

    private static String cut(String text) {
        return text.length() > MAX_KEY ? text.substring(0, MAX_KEY) : text;
    }

    private static String line(String text) {
        return cut(text).replaceAll("\\p{Cntrl}", "?");
    }
}
