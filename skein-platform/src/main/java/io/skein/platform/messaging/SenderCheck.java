package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.agent.WorkChunk;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.BrokerRights;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.ReplayedMessage;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.messaging.RefusedMessageException.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a message comes from whom it says. The broker's permissions keep most forgeries out already; this holds where they
 * are missing or too wide, and it alone sees what a message says inside.
 */
@ApplicationScoped
class SenderCheck {

    private static final int MAX_KNOWN = 4096;
    private static final Map<String, Exchange> EXCHANGES =
            Arrays.stream(Exchange.values()).collect(Collectors.toMap(Exchange::wire, Function.identity()));

    private record Known(BrokerIdentity identity, Map<Exchange, Pattern> publishes) {
        static Known of(BrokerIdentity identity) {
            return new Known(
                    identity,
                    BrokerRights.of(identity).publishes().entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, e -> Pattern.compile(e.getValue()))));
        }
    }

    @Inject
    MessagingConfig config;

    /** Rights are patterns, and compiling them for each message would be felt. */
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * The message, if it is its sender's to say.
     *
     * @throws RefusedMessageException when it is not
     * @throws MalformedMessageException when that cannot be told because it cannot be read
     */
    Delivery admit(Message message) {
        Envelope envelope = message.envelope();
        AMQP.BasicProperties properties = message.properties();
        if (config.senderCheck() == MessagingConfig.SenderChecking.OFF) {
            return delivery(message, null);
        }
        Known sender = sender(properties.getUserId());
        Exchange exchange = EXCHANGES.get(envelope.getExchange());
        Pattern keys = exchange == null ? null : sender.publishes().get(exchange);
        if (keys == null || !keys.matcher(envelope.getRoutingKey()).find()) {
            throw new RefusedMessageException(
                    Reason.ROUTING_KEY, envelope.getExchange() + " " + envelope.getRoutingKey());
        }
        Delivery delivery = delivery(message, sender.identity());
        switch (exchange) {
            case EVENTS -> event(sender.identity(), delivery);
            case WORK -> work(sender.identity(), delivery);
            case HEARTBEATS -> heartbeat(sender.identity(), delivery);
            case DEAD -> {
                // Says nothing of its own; nobody acts on dead letters.
            }
            case REPLAY ->
                // What is inside is checked, never the wrapping.
                throw new RefusedMessageException(Reason.ROUTING_KEY, envelope.getRoutingKey());
        }
        return delivery;
    }

    /**
     * A message as it first came, where it is a dead letter that is given back; any other stays as it is. Only who keeps the dead
     * letters may give one back, and its sender remains who it was: what was refused is refused again.
     *
     * @throws RefusedMessageException when it is not this sender's to give back
     * @throws MalformedMessageException when it is no dead letter
     */
    Message unwrapped(Message message) {
        Envelope envelope = message.envelope();
        if (!Exchange.REPLAY.wire().equals(envelope.getExchange())) {
            return message;
        }
        if (config.senderCheck() != MessagingConfig.SenderChecking.OFF) {
            Pattern queues =
                    sender(message.properties().getUserId()).publishes().get(Exchange.REPLAY);
            if (queues == null || !queues.matcher(envelope.getRoutingKey()).find()) {
                throw new RefusedMessageException(
                        Reason.ROUTING_KEY, envelope.getExchange() + " " + envelope.getRoutingKey());
            }
        }
        return message.instead(WireFormat.read(message.body(), ReplayedMessage.class));
    }

    private static Delivery delivery(Message message, BrokerIdentity sender) {
        return new Delivery(
                messageId(message.properties()),
                message.envelope().getRoutingKey(),
                message.body(),
                message.properties().getContentType(),
                message.texts(),
                sender,
                message.deliveries());
    }

    /** Whether others would believe it; a message they would not is better not written. */
    boolean maySay(BrokerIdentity identity, Exchange exchange, String routingKey) {
        if (config.senderCheck() == MessagingConfig.SenderChecking.OFF) {
            return true;
        }
        Pattern keys = sender(identity.userName()).publishes().get(exchange);
        return keys != null && keys.matcher(routingKey).find();
    }

    private Known sender(String user) {
        if (user == null || user.isEmpty()) {
            throw new RefusedMessageException(Reason.NO_SENDER, "");
        }
        Known found = known.get(user);
        if (found == null) {
            BrokerIdentity identity = BrokerIdentity.parse(user)
                    .orElseThrow(() -> new RefusedMessageException(Reason.UNKNOWN_SENDER, user));
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            found = Known.of(identity);
            known.put(user, found);
        }
        return found;
    }

    private static void event(BrokerIdentity sender, Delivery delivery) {
        SkeinEvent event = delivery.event();
        // Rights are over routing keys, readers go by the type inside: one must be the other.
        require(event.routingKey().equals(delivery.routingKey()), Reason.OTHER_MESSAGE, event.routingKey());
        require(sender.source().equals(event.source()), Reason.SOURCE, event.source());
        sender.onlyTeam().ifPresent(team -> require(team.equals(event.team()), Reason.TEAM, event.team()));
        if (sender instanceof BrokerIdentity.Agent agent) {
            require(
                    event.actor() == null || event.actor().equals("agent:" + agent.agentId()),
                    Reason.ACTOR,
                    event.actor());
        }
    }

    private static void work(BrokerIdentity sender, Delivery delivery) {
        AgentMessage message = delivery.agentMessage();
        String kind =
                switch (message.payload()) {
                    case WorkRequest ignored -> "request";
                    case WorkCancel ignored -> "cancel";
                    case WorkStatus ignored -> "status";
                    case WorkResult ignored -> "result";
                    // Nothing else is long enough to come in parts.
                    case WorkChunk ignored -> "result";
                    case AgentError ignored -> "error";
                };
        require(
                delivery.routingKey().startsWith(kind + "."),
                Reason.OTHER_MESSAGE,
                message.payload().type());
        String name =
                switch (sender) {
                    case BrokerIdentity.Agent agent -> agent.agentId();
                    case BrokerIdentity.Service service -> service.shortName();
                    case BrokerIdentity.Node node -> node.node();
                };
        require(name.equals(message.fromAgent()), Reason.NAME, message.fromAgent());
    }

    private static void heartbeat(BrokerIdentity sender, Delivery delivery) {
        switch (sender) {
            case BrokerIdentity.Node node -> {
                NodeHeartbeat heartbeat = delivery.nodeHeartbeat();
                require(node.node().equals(heartbeat.node()), Reason.NAME, heartbeat.node());
                require(node.team().equals(heartbeat.team()), Reason.TEAM, heartbeat.team());
            }
            case BrokerIdentity.Agent agent -> {
                AgentHeartbeat heartbeat = delivery.agentHeartbeat();
                require(agent.agentId().equals(heartbeat.agentId()), Reason.NAME, heartbeat.agentId());
                require(agent.team().equals(heartbeat.team()), Reason.TEAM, heartbeat.team());
            }
            case BrokerIdentity.Service service ->
                throw new RefusedMessageException(Reason.ROUTING_KEY, service.name());
        }
    }

    private static void require(boolean holds, Reason otherwise, String claimed) {
        if (!holds) {
            throw new RefusedMessageException(otherwise, claimed);
        }
    }

    private static UUID messageId(AMQP.BasicProperties properties) {
        try {
            return UUID.fromString(String.valueOf(properties.getMessageId()));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("the AMQP message id is not a UUID", e);
        }
    }
}
