package io.skein.infra.run;

import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.RoutingKeys;
import io.skein.infra.agent.Agent;
import io.skein.platform.messaging.BroadcastConsumer;
import io.skein.platform.messaging.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Hears that work should stop. Every agent of the team does; the order is kept, so that work that arrives after it is not started. */
@ApplicationScoped
class CancelConsumer implements BroadcastConsumer {

    @Inject
    RunService service;

    @Inject
    RunDispatcher dispatcher;

    @Inject
    Agent agent;

    @Override
    public Exchange exchange() {
        return Exchange.WORK;
    }

    @Override
    public List<String> bindings() {
        return List.of(RoutingKeys.cancel(Agent.TYPE, agent.team()));
    }

    @Override
    public void handle(Delivery delivery) {
        AgentMessage message = delivery.agentMessage();
        if (message.payload() instanceof WorkCancel cancel) {
            dispatcher.stopLocally(message.requestId(), cancel.reason());
            if (!service.cancel(message.requestId(), cancel.reason())) {
                // it may have been claimed in between
                dispatcher.stopLocally(message.requestId(), cancel.reason());
            }
        }
    }
}
