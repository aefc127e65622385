package io.skein.infra.run;

import io.skein.contracts.topology.Queue;
import io.skein.contracts.topology.RoutingKeys;
import io.skein.infra.agent.Agent;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jdbi.v3.core.Handle;

/** Takes the work requests of its team: for whoever is free, or for one agent. */
@ApplicationScoped
class WorkConsumer implements QueueConsumer {

    @Inject
    RunService service;

    @Inject
    RunDispatcher dispatcher;

    @Inject
    Agent agent;

    @Override
    public Queue queue() {
        return Queue.INFRA_WORK;
    }

    @Override
    public String team() {
        return agent.team();
    }

    @Override
    public void handle(Handle transaction, Delivery delivery) {
        String key = delivery.routingKey();
        String forMany = RoutingKeys.request(Agent.TYPE, agent.team());
        String toAgent = key.equals(forMany) ? Agent.TYPE : key.substring(forMany.length() + 1);
        service.accept(transaction, delivery.agentMessage(), toAgent);
        transaction.afterCommit(dispatcher::signal);
    }
}
