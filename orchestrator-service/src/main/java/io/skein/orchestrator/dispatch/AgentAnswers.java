package io.skein.orchestrator.dispatch;

import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.agent.WorkChunk;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Queue;
import io.skein.orchestrator.plan.Outcome;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.orchestrator.preview.PreviewService;
import io.skein.orchestrator.routing.Fleet;
import io.skein.orchestrator.routing.LiveAgents;
import io.skein.platform.messaging.BatchConsumer;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.NotYetException;
import io.skein.platform.messaging.RefusedMessageException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * What agents answer. Late, repeated and reordered messages are harmless: a task is kept once per sequence number, a step
 * starts once, and the first result counts. Where several processes read the answers, a result may overtake what the work told before
 * it; then it waits for that, because the step's record is made of it.
 *
 * <pre>
 *  batch ──► lock the plans, in one order ──► statuses: numbers noted, step running, tasks kept
 *                                                 │
 *                                                 ▼
 *                               results, errors, parts: step ended ──► nothing else to ask? ──► the plan goes on in here
 *                                                                        │ no
 *                                                                        └──► the dispatch loop looks
 * </pre>
 */
@ApplicationScoped
class AgentAnswers implements BatchConsumer {

    private static final Logger LOG = Logger.getLogger(AgentAnswers.class);
    /** So often a result goes back to the queue, over six seconds, before what is missing counts as lost. */
    private static final int PATIENCE = 6;

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
    PreviewService previews;

    @Inject
    AnswerParts parts;

    @Inject
    Breakers breakers;

    @Inject
    DispatchLoop loop;

    @Inject
    PlanRun run;

    @Inject
    LiveAgents liveAgents;

    @Inject
    Clock clock;

    @Override
    public Queue queue() {
        return Queue.ORCHESTRATOR_WORK;
    }

    @Override
    public int batch() {
        return 64;
    }

    /** An agent that tells of several things at once does so in several messages. */
    @Override
    public Duration gathers() {
        return Duration.ofMillis(2);
    }

    @Override
    public void handle(Handle tx, List<Delivery> deliveries) {
        Batch batch = read(tx, deliveries);
        // A result is for the end: what the work told before it belongs to the record it completes.
        batch.statuses.forEach((stepId, statuses) -> statuses(tx, batch, stepId, statuses));
        for (Delivery delivery : batch.others) {
            AgentMessage message = delivery.agentMessage();
            Optional<AgentMessage> whole =
                    message.payload() instanceof WorkChunk chunk ? parts.add(tx, message, chunk) : Optional.of(message);
            whole.ifPresent(answer -> answer(tx, batch, answer, delivery.deliveries()));
        }
    }

    /** What a batch is about, as it is now: the rows of the plans are ours until the transaction ends. */
    private static final class Batch {
        private final Map<UUID, Plan> plans;
        private final Map<UUID, Step> steps;
        private final Map<UUID, List<AgentMessage>> statuses = new LinkedHashMap<>();
        private final List<Delivery> others = new ArrayList<>();
        private final Set<String> worked = new HashSet<>();
        /** Plans that went on meanwhile: they and their steps are read again. */
        private final Set<UUID> movedOn = new HashSet<>();

        private Batch(Map<UUID, Plan> plans, Map<UUID, Step> steps) {
            this.plans = plans;
            this.steps = steps;
        }
    }

    private Batch read(Handle tx, List<Delivery> deliveries) {
        Set<UUID> requests =
                deliveries.stream().map(one -> one.agentMessage().requestId()).collect(Collectors.toSet());
        Map<UUID, UUID> planOf = steps.plansOf(tx, requests);
        for (UUID request : requests) {
            if (!planOf.containsKey(request)) {
                previews.planOf(tx, request).ifPresent(plan -> planOf.put(request, plan));
            }
        }
        Map<UUID, Plan> locked = planOf.isEmpty() ? Map.of() : plans.lock(tx, Set.copyOf(planOf.values()));
        Map<UUID, Plan> byRequest = new HashMap<>();
        planOf.forEach((request, plan) -> byRequest.put(request, locked.get(plan)));
        Batch batch = new Batch(byRequest, new HashMap<>(steps.find(tx, requests)));
        for (Delivery delivery : deliveries) {
            AgentMessage message = delivery.agentMessage();
            Plan plan = byRequest.get(message.requestId());
            if (plan == null) {
                LOG.infof("%s answers to %s, which nobody waits for", message.fromAgent(), message.requestId());
            } else if (!ofTeam(delivery.sender(), plan)) {
                throw new RefusedMessageException(RefusedMessageException.Reason.WORK, "step " + message.requestId());
            } else if (message.payload() instanceof WorkStatus && batch.steps.containsKey(message.requestId())) {
                batch.statuses
                        .computeIfAbsent(message.requestId(), step -> new ArrayList<>())
                        .add(message);
            } else {
                batch.others.add(delivery);
            }
        }
        return batch;
    }

    private void answer(Handle tx, Batch batch, AgentMessage message, long deliveries) {
        Plan plan = batch.plans.get(message.requestId());
        Step step = batch.steps.get(message.requestId());
        if (!batch.movedOn.add(plan.id())) {
            plan = plans.find(tx, plan.id()).orElseThrow();
            step = steps.find(tx, message.requestId()).orElse(null);
        }
        if (step == null) {
            if (previews.answered(tx, plan, message)) {
                lookSoon(tx, plan);
            }
            return;
        }
        switch (message.payload()) {
            case WorkStatus ignored -> {
                batch.steps.put(step.id(), step);
                statuses(tx, batch, step.id(), List.of(message));
            }
            case WorkResult result -> {
                if (step.status().isUnderWay()) {
                    awaitStatuses(tx, step, result, deliveries);
                }
                result(tx, batch, plan, step, result, message.fromAgent());
            }
            case AgentError error -> error(tx, plan, step, error, message.fromAgent());
            case WorkRequest ignored -> LOG.warnf("%s sent a work request to the orchestrator", message.fromAgent());
            case WorkChunk ignored -> LOG.warnf("%s sent parts of parts", message.fromAgent());
            case WorkCancel ignored -> LOG.warnf("%s sent a cancel order to the orchestrator", message.fromAgent());
        }
    }

    /** An agent answers for its own team's plans. Which agent of the team ran the step may have changed on the way. */
    private static boolean ofTeam(Optional<BrokerIdentity> sender, Plan plan) {
        return sender.flatMap(BrokerIdentity::onlyTeam).map(plan.team()::equals).orElse(true);
    }

    /** @param statuses of one step, in the order they came */
    private void statuses(Handle tx, Batch batch, UUID stepId, List<AgentMessage> statuses) {
        Plan plan = batch.plans.get(stepId);
        steps.told(
                tx,
                stepId,
                statuses.stream()
                        .map(message -> ((WorkStatus) message.payload()).sequence())
                        .toList());
        for (AgentMessage message : statuses) {
            worked(tx, batch, plan, message.fromAgent());
            batch.steps.compute(
                    stepId, (id, step) -> status(tx, plan, step, (WorkStatus) message.payload(), message.fromAgent()));
        }
    }

    /** Once per agent is enough for all it tells. */
    private void worked(Handle tx, Batch batch, Plan plan, String agent) {
        if (batch.worked.add(plan.team() + "/" + agent)) {
            breakers.worked(tx, plan.team(), agent);
        }
    }

    /** Returns the step as it is now. */
    private Step status(Handle tx, Plan plan, Step step, WorkStatus status, String agent) {
        Step current = step;
        if (step.status() == StepStatus.DISPATCHED) {
            if (!agent.equals(step.agent())) {
                current = steps.takenBy(tx, step.id(), agent);
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
        return current;
    }

    private void awaitStatuses(Handle tx, Step step, WorkResult result, long deliveries) {
        if (steps.isTold(tx, step.id(), result.lastSequence())) {
            return;
        }
        if (deliveries < PATIENCE) {
            throw new NotYetException("the result of step " + step.id() + " came before all of its "
                    + result.lastSequence() + " statuses");
        }
        LOG.warnf(
                "step %s ends although not all of the %d statuses its agent sent have come; its record may lack tasks",
                step.id(), result.lastSequence());
    }

    private void result(Handle tx, Batch batch, Plan plan, Step step, WorkResult result, String agent) {
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
        if (end == StepStatus.INTERRUPTED) {
            breakers.failed(tx, plan.team(), agent);
            batch.worked.remove(plan.team() + "/" + agent);
        } else {
            worked(tx, batch, plan, agent);
        }
        if (end == StepStatus.REFUSED) {
            steps.refused(tx, step.id(), result.code(), result.changedFiles());
        }
        Step ended = steps.ended(tx, step.id(), result.exitCode(), Outcome.of(result), result.startedAt());
        journal.step(tx, plan, ended, end, result.reason(), author(plan, agent));
        goOn(tx, plan, end);
    }

    /** After the usual end nobody needs to be asked before the next step starts, or the plan ends. */
    private void goOn(Handle tx, Plan plan, StepStatus end) {
        Optional<Fleet> fleet = liveAgents.known();
        boolean simple = end == StepStatus.COMPLETED
                && plan.status() == PlanStatus.RUNNING
                && !plan.isCancelling()
                && run.hasLock(plan)
                && run.renewAt(plan).isAfter(clock.instant());
        if (!simple || fleet.isEmpty()) {
            lookSoon(tx, plan);
            return;
        }
        Instant next = run.advance(tx, plan, fleet.get());
        plans.attend(tx, plan.id(), next);
        if (next != null && !next.isAfter(clock.instant())) {
            tx.afterCommit(loop::wake);
        }
    }

    private void error(Handle tx, Plan plan, Step step, AgentError error, String agent) {
        if (!step.status().isUnderWay()) {
            return;
        }
        breakers.failed(tx, plan.team(), agent);
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
