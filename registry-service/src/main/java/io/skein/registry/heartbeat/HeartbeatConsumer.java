package io.skein.registry.heartbeat;

import io.micrometer.core.instrument.MeterRegistry;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import io.skein.registry.live.LiveAgentService;
import io.skein.registry.node.NodeService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jdbi.v3.core.Handle;

/** A heartbeat that is not what it should be is a dead letter; it changes nothing. */
@ApplicationScoped
class HeartbeatConsumer implements QueueConsumer {

    private static final int PREFETCH = 64;

    private final NodeService nodes;
    private final LiveAgentService agents;
    private final MeterRegistry metrics;

    @Inject
    HeartbeatConsumer(NodeService nodes, LiveAgentService agents, MeterRegistry metrics) {
        this.nodes = nodes;
        this.agents = agents;
        this.metrics = metrics;
    }

    @Override
    public Queue queue() {
        return Queue.REGISTRY_HEARTBEATS;
    }

    @Override
    public int prefetch() {
        return PREFETCH;
    }

    @Override
    public void handle(Handle tx, Delivery delivery) {
        HeartbeatChecks.size(delivery.body());
        String key = delivery.routingKey();
        if (key.startsWith("node.")) {
            NodeHeartbeat heartbeat = delivery.nodeHeartbeat();
            HeartbeatChecks.node(heartbeat, key);
            nodes.heartbeat(tx, heartbeat);
            count("node");
        } else if (key.startsWith("agent.")) {
            AgentHeartbeat heartbeat = delivery.agentHeartbeat();
            HeartbeatChecks.agent(heartbeat, key);
            agents.heartbeat(tx, heartbeat);
            count("agent");
        } else {
            throw new MalformedMessageException("nobody sends heartbeats with routing key " + key, null);
        }
    }

    private void count(String kind) {
        metrics.counter("skein.registry.heartbeats", "kind", kind).increment();
    }
}
