package io.skein.registry.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.scheduler.Scheduled;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.platform.messaging.Outbox;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

@ApplicationScoped
public class LiveAgentService {

    private static final Logger LOG = Logger.getLogger(LiveAgentService.class);
    private static final int MISSED_INTERVALS = 3;
    private static final int AT_LEAST_SECONDS = 30;

    /** Where the orchestrator names the agent: at the top, in the record, or in the record's step. */
    private static final List<String> AGENT = List.of("/agent", "/record/agent", "/record/step/agent");

    private final LiveAgentRepository agents;
    private final Outbox outbox;
    private final Jdbi jdbi;
    private final Clock clock;

    @Inject
    LiveAgentService(LiveAgentRepository agents, Outbox outbox, Jdbi jdbi, Clock clock) {
        this.agents = agents;
        this.outbox = outbox;
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Takes in a heartbeat that was checked before.
     *
     * @throws MalformedMessageException when the id is another team's: work is sent to an agent by its id alone, so whoever took over
     *     the id would take over the work
     */
    public void heartbeat(Handle tx, AgentHeartbeat heartbeat) {
        Instant now = clock.instant();
        var known = agents.lock(tx, heartbeat.agentId());
        if (known.isPresent() && !known.get().team().equals(heartbeat.team())) {
            throw new MalformedMessageException("the agent id " + heartbeat.agentId() + " is another team's", null);
        }
        boolean overtaken =
                known.isPresent() && heartbeat.sentAt().isBefore(known.get().lastSentAt());
        boolean wasOnline = known.isPresent() && known.get().online();
        if (heartbeat.goodbye()) {
            if (wasOnline && !overtaken) {
                agents.goodbye(tx, heartbeat, now);
                tell(tx, EventTypes.AGENT_OFFLINE, Priority.NORMAL, heartbeat, "goodbye", now);
                LOG.infof("agent %s said goodbye", heartbeat.agentId());
            }
            return;
        }
        if (overtaken && !wasOnline && "goodbye".equals(known.get().offlineReason())) {
            return;
        }
        agents.heard(tx, heartbeat, now);
        if (!wasOnline) {
            tell(tx, EventTypes.AGENT_ONLINE, Priority.NORMAL, heartbeat, null, now);
            LOG.infof("agent %s on node %s is online", heartbeat.agentId(), heartbeat.node());
        }
    }

    /** Counts how a step of a plan ended, for the agent that ran it. */
    public void workEnded(Handle tx, SkeinEvent event) {
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

    @Scheduled(
            every = "${skein.registry.sweep-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            identity = "agent-sweep")
    @RunOnVirtualThread
    void sweep() {
        Instant now = clock.instant();
        List<LiveAgent> ended = jdbi.inTransaction(tx -> {
            List<LiveAgent> silent = agents.endSilent(tx, now, MISSED_INTERVALS, AT_LEAST_SECONDS);
            for (LiveAgent agent : silent) {
                tell(
                        tx,
                        EventTypes.AGENT_OFFLINE,
                        Priority.HIGH,
                        agent.team(),
                        "service:registry-service",
                        data(agent.agentId(), agent.agentType(), agent.node(), agent.offlineReason()),
                        now);
            }
            return silent;
        });
        ended.forEach(agent ->
                LOG.warnf("agent %s on node %s is offline: %s", agent.agentId(), agent.node(), agent.offlineReason()));
    }

    List<LiveAgent> list(String team, String capability) {
        return jdbi.withHandle(handle -> agents.list(handle, team, capability));
    }

    private void tell(Handle tx, String type, Priority priority, AgentHeartbeat heartbeat, String reason, Instant now) {
        tell(
                tx,
                type,
                priority,
                heartbeat.team(),
                "agent:" + heartbeat.agentId(),
                data(heartbeat.agentId(), heartbeat.agentType(), heartbeat.node(), reason),
                now);
    }

    private void tell(
            Handle tx,
            String type,
            Priority priority,
            String team,
            String actor,
            Map<String, Object> data,
            Instant now) {
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/registry-service")
                        .subject(data.get("agentId"))
                        .team(team)
                        .actor(actor)
                        .priority(priority)
                        .time(now)
                        .data(data)
                        .build());
    }

    private static Map<String, Object> data(String agentId, String agentType, String node, String reason) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("agentId", agentId);
        data.put("agentType", agentType);
        data.put("node", node);
        if (reason != null) {
            data.put("reason", reason);
        }
        return data;
    }
}
