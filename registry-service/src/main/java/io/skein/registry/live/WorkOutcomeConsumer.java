package io.skein.registry.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Counts how the steps of plans ended, per agent that ran them. The inbox sees to it that each counts once. */
@ApplicationScoped
class WorkOutcomeConsumer implements QueueConsumer {

    /** Where the orchestrator names the agent: at the top, in the record, or in the record's step. */
    private static final List<String> AGENT = List.of("/agent", "/record/agent", "/record/step/agent");

    private final LiveAgentRepository agents;

    @Inject
    WorkOutcomeConsumer(LiveAgentRepository agents) {
        this.agents = agents;
    }

    @Override
    public Queue queue() {
        return Queue.REGISTRY_EVENTS;
    }

    @Override
    public void handle(Handle tx, Delivery delivery) {
        SkeinEvent event = delivery.event();
        String agent = agent(event.data());
        // A step that failed before anybody took it says nothing about an agent.
        if (agent != null) {
            agents.ended(tx, agent, event.type().equals(EventTypes.STEP_COMPLETED));
        }
    }

    static String agent(JsonNode data) {
        for (String pointer : AGENT) {
            JsonNode agent = data.at(pointer);
            if (agent.isTextual() && !agent.asText().isBlank()) {
                return agent.asText();
            }
        }
        return null;
    }
}
