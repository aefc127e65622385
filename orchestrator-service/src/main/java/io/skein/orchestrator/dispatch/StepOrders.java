package io.skein.orchestrator.dispatch;

import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.topology.RoutingKeys;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.Step;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Writes orders to agents into the outbox of the transaction that decided on them. */
@ApplicationScoped
public class StepOrders {

    private static final String SENDER = "orchestrator";
    private static final String AGENT_TYPE = RoutingKeys.INFRA;

    @Inject
    Outbox outbox;

    @Inject
    DispatchConfig config;

    /** The step's id is the request id: however often this is sent, the agent runs it once. */
    void run(Handle tx, Plan plan, Step step, String agent) {
        PlannedStep spec = step.spec();
        Map<String, Long> tokens = new HashMap<>();
        HostLocks.resources(spec.hosts()).forEach(resource -> {
            Long token =
                    plan.fencingTokens() == null ? null : plan.fencingTokens().get(resource);
            if (token != null) {
                tokens.put(resource, token);
            }
        });
        WorkRequest request = new WorkRequest(
                WorkRequest.ANSIBLE_PLAYBOOK,
                plan.id(),
                step.id(),
                step.number(),
                spec.playbook(),
                spec.playbookHash(),
                spec.inventory(),
                spec.hosts(),
                spec.given(),
                false,
                tokens,
                timeout(spec).toSeconds(),
                plan.team(),
                plan.requestedBy(),
                spec.inventoryHash(),
                spec.sha256());
        outbox.work(
                tx,
                RoutingKeys.request(AGENT_TYPE, plan.team(), agent),
                AgentMessage.create(SENDER, agent, plan.traceId(), step.id(), request));
    }

    /** Every agent of the type and team hears it; the one that runs the step stops it and answers with its result. */
    public void cancel(Handle tx, Plan plan, Step step, String reason) {
        outbox.work(
                tx,
                RoutingKeys.cancel(AGENT_TYPE, plan.team()),
                AgentMessage.create(SENDER, AGENT_TYPE, plan.traceId(), step.id(), new WorkCancel(step.id(), reason)));
    }

    Duration timeout(PlannedStep spec) {
        Duration estimated = Duration.ofSeconds(spec.estimatedSeconds()).multipliedBy(config.estimateFactor());
        Duration wanted = estimated.compareTo(config.minStepTime()) > 0 ? estimated : config.minStepTime();
        return wanted.compareTo(config.maxStepTime()) > 0 ? config.maxStepTime() : wanted;
    }
}
