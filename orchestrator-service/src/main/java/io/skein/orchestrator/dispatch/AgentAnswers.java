package io.skein.orchestrator.dispatch;

import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Queue;
import io.skein.orchestrator.plan.Outcome;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import io.skein.platform.messaging.RefusedMessageException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * What agents answer. Late, repeated and reordered messages are harmless: a task is kept once per sequence number, a step
 * starts once, and the first result counts.
 */
@ApplicationScoped
class AgentAnswers implements QueueConsumer {

    private static final Logger LOG = Logger.getLogger(AgentAnswers.class);
    private static final List<Duration> RETRIES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    StepOrders orders;

    @Inject
    DispatchLoop loop;

    @Inject
    Clock clock;

    @Override
    public Queue queue() {
        return Queue.ORCHESTRATOR_WORK;
    }

    @Override
    public int prefetch() {
        return 64;
    }

    @Override
    public void handle(Handle tx, Delivery delivery) {
        AgentMessage message = delivery.agentMessage();
        Optional<Step> found = steps.find(tx, message.requestId());
        if (found.isEmpty()) {
            LOG.warnf("%s answers for step %s, which is none of ours", message.fromAgent(), message.requestId());
            return;
        }
        Plan plan = plans.lock(tx, found.get().planId()).orElseThrow();
        if (!ofTeam(delivery.sender(), plan)) {
            throw new RefusedMessageException(RefusedMessageException.Reason.WORK, "step " + message.requestId());
        }
        // Read again: it may have changed until the plan's row was ours.
        Step step = steps.find(tx, message.requestId()).orElseThrow();
        switch (message.payload()) {
            case WorkStatus status -> status(tx, plan, step, status, message.fromAgent());
            case WorkResult result -> result(tx, plan, step, result, message.fromAgent());
            case AgentError error -> error(tx, plan, step, error, message.fromAgent());
            case WorkRequest ignored -> LOG.warnf("%s sent a work request to the orchestrator", message.fromAgent());
            case WorkCancel ignored -> LOG.warnf("%s sent a cancel order to the orchestrator", message.fromAgent());
        }
    }

    /** An agent answers for its own team's plans. Which agent of the team ran the step may have changed on the way. */
    private static boolean ofTeam(Optional<BrokerIdentity> sender, Plan plan) {
        return sender.flatMap(BrokerIdentity::onlyTeam).map(plan.team()::equals).orElse(true);
    }

    private void status(Handle tx, Plan plan, Step step, WorkStatus status, String agent) {
        Step current = step;
        if (step.status() == StepStatus.DISPATCHED) {
            if (!agent.equals(step.agent())) {
                steps.takenBy(tx, step.id(), agent);
                current = steps.find(tx, step.id()).orElseThrow();
            }
            if (status.phase() != WorkStatus.Phase.ACCEPTED) {
                current = journal.step(tx, plan, current, StepStatus.RUNNING, null, author(plan, agent));
            }
        }
        if (status.phase() == WorkStatus.Phase.TASK && status.task() != null) {
            journal.task(tx, plan, current, status);
        } else if (plan.isCancelling() && current.status().isUnderWay()) {
            // The order to stop may have come before the work did.
            orders.cancel(tx, plan, current, plan.cancelReason());
        }
    }

    private void result(Handle tx, Plan plan, Step step, WorkResult result, String agent) {
        if (!step.status().isUnderWay()) {
            LOG.infof(
                    "step %s is %s, a further result (%s) of %s does not count",
                    step.id(), step.status(), result.outcome(), agent);
            return;
        }
        StepStatus end =
                switch (result.outcome()) {
                    case COMPLETED -> StepStatus.COMPLETED;
                    case FAILED -> StepStatus.FAILED;
                    case CANCELLED -> StepStatus.CANCELLED;
                    case INTERRUPTED -> StepStatus.INTERRUPTED;
                    case REFUSED -> StepStatus.REFUSED;
                };
        if (!agent.equals(step.agent())) {
            steps.takenBy(tx, step.id(), agent);
        }
        steps.ended(tx, step.id(), result.exitCode(), Outcome.of(result), result.startedAt());
        Step ended = steps.find(tx, step.id()).orElseThrow();
        journal.step(tx, plan, ended, end, result.reason(), author(plan, agent));
        lookSoon(tx, plan);
    }

    private void error(Handle tx, Plan plan, Step step, AgentError error, String agent) {
        if (!step.status().isUnderWay()) {
            return;
        }
        String reason = error.code().number() + " " + error.message();
        int retries = step.attempt() - 1;
        boolean again = error.code().retryable()
                && step.status() == StepStatus.DISPATCHED
                && retries < RETRIES.size()
                && !plan.isCancelling();
        if (again) {
            if (step.retryAt() == null) {
                steps.retryAt(tx, step.id(), clock.instant().plus(RETRIES.get(retries)), reason);
                lookSoon(tx, plan);
            }
            return;
        }
        LOG.warnf("step %s of plan %s fails: %s says %s", step.id(), plan.id(), agent, reason);
        journal.step(tx, plan, step, StepStatus.FAILED, reason, author(plan, agent));
        lookSoon(tx, plan);
    }

    private void lookSoon(Handle tx, Plan plan) {
        plans.attend(tx, plan.id(), clock.instant());
        tx.afterCommit(loop::wake);
    }

    private static PlanJournal.Author author(Plan plan, String agent) {
        return new PlanJournal.Author("agent:" + agent, plan.traceId());
    }
}
