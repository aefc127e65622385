package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.skein.contracts.Ids;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Sends presence: not persisted, not confirmed, and not repeated when the broker is away. */
@ApplicationScoped
public class Heartbeats {

    private static final Logger LOG = Logger.getLogger(Heartbeats.class);

    @Inject
    Broker broker;

    private Channel channel;

    /** Sends or drops it; never waits for a broker that is away. */
    public synchronized void send(AgentHeartbeat heartbeat) {
        try {
            if (channel == null || !channel.isOpen()) {
                channel = broker.channel();
            }
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .messageId(Ids.next().toString())
                    .userId(broker.user())
                    .contentType("application/json")
                    .deliveryMode(1)
                    .build();
            channel.basicPublish(
                    Exchange.HEARTBEATS.wire(),
                    "agent." + heartbeat.agentId(),
                    properties,
                    WireFormat.write(heartbeat));
        } catch (IOException | RuntimeException e) {
            channel = null;
            LOG.debugf("heartbeat dropped: %s", e.getMessage());
        }
    }
}
