package io.skein.infra.run;

import io.skein.contracts.topology.Queue;
import io.skein.infra.agent.Agent;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jdbi.v3.core.Handle;

/** Takes work requests: {@code request.infra} for whoever is free, {@code request.infra.<agentId>} for one agent. */
@ApplicationScoped
class WorkConsumer implements QueueConsumer {

    private static final String PREFIX = "request." + Agent.TYPE + ".";

    @Inject
    RunService service;

    @Inject
    RunDispatcher dispatcher;

    @Override
    public Queue queue() {
        return Queue.INFRA_WORK;
    }

    @Override
    public void handle(Handle transaction, Delivery delivery) {
        String key = delivery.routingKey();
        String toAgent = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : Agent.TYPE;
        service.accept(transaction, delivery.agentMessage(), toAgent);
        transaction.afterCommit(dispatcher::signal);
    }
}
