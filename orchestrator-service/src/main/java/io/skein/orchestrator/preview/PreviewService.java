package io.skein.orchestrator.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.Ids;
import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.AgentPayload;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.agent.WorkPreview;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.topology.RoutingKeys;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanChange;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.PlanView.PreviewView;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.platform.messaging.Outbox;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/** Asks for previews and keeps the answers. An agent makes one in check mode, without a lock: it changes nothing. */
@ApplicationScoped
public class PreviewService {

    private static final Logger LOG = Logger.getLogger(PreviewService.class);
    private static final String SENDER = "orchestrator";

    @Inject
    PreviewRepository previews;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    Outbox outbox;

    @Inject
    PreviewConfig config;

    @Inject
    Clock clock;

    /** After the policy, which may have approved the plan by now. */
    void changed(@Observes @Priority(200) PlanChange change) {
        Handle tx = change.tx();
        Plan plan = plans.find(tx, change.plan().id()).orElseThrow();
        boolean newVersion = change.kind() != PlanChange.Kind.MOVED;
        if (newVersion) {
            stop(tx, plan, "another version took its place");
        } else if (!plan.status().isUndecided()) {
            stop(tx, plan, "the plan was " + plan.status().wire() + " before the preview was there");
        }
        if (newVersion && plan.status() == PlanStatus.AWAITING_APPROVAL && config.enabled()) {
            ask(tx, plan, "service:orchestrator-service");
        }
    }

    /** Asks for a preview of every step that is still to run. */
    public void ask(Handle tx, Plan plan, String by) {
        stop(tx, plan, "it was asked for anew");
        for (Step step : steps.ofPlan(tx, plan.id(), plan.version())) {
            if (step.status() == StepStatus.PENDING) {
                ask(tx, plan, step, by);
            }
        }
    }

    private void ask(Handle tx, Plan plan, Step step, String by) {
        PlannedStep spec = step.spec();
        UUID requestId = Ids.next();
        previews.ask(tx, plan.id(), plan.version(), step.number(), step.id(), requestId, by, clock.instant());
        send(
                tx,
                plan,
                requestId,
                RoutingKeys.request(RoutingKeys.INFRA, plan.team()),
                new WorkRequest(
                        WorkRequest.ANSIBLE_PREVIEW,
                        plan.id(),
                        step.id(),
                        step.number(),
                        spec.playbook(),
                        spec.playbookHash(),
                        spec.inventory(),
                        spec.hosts(),
                        spec.given(),
                        true,
                        Map.of(),
                        Math.max(1, config.timeout().toSeconds()),
                        plan.team(),
                        plan.requestedBy(),
                        spec.inventoryHash(),
                        spec.sha256()));
    }

    private void stop(Handle tx, Plan plan, String why) {
        for (Preview open : previews.open(tx, plan.id())) {
            end(tx, open, Preview.Status.STOPPED, "It was stopped: " + why + ".");
            send(
                    tx,
                    plan,
                    open.requestId(),
                    RoutingKeys.cancel(RoutingKeys.INFRA, plan.team()),
                    new WorkCancel(open.stepId(), why));
        }
    }

    private void end(Handle tx, Preview preview, Preview.Status status, String reason) {
        previews.ended(tx, preview, status, reason, Map.of(), List.of(), null, false, clock.instant());
    }

    private void send(Handle tx, Plan plan, UUID requestId, String key, AgentPayload payload) {
        outbox.work(tx, key, AgentMessage.create(SENDER, RoutingKeys.INFRA, plan.traceId(), requestId, payload));
    }

    /** The plan a request id asks a preview for, if it is one of ours and still counts. */
    public Optional<UUID> planOf(Handle handle, UUID requestId) {
        return previews.byRequest(handle, requestId).map(Preview::planId);
    }

    /**
     * An agent answers; the caller holds the lock on the plan's row.
     *
     * @return whether something is not as the plan's newest version says, so that it needs another
     */
    public boolean answered(Handle tx, Plan plan, AgentMessage message) {
        Preview preview = previews.byRequest(tx, message.requestId()).orElse(null);
        if (preview == null || preview.status() != Preview.Status.ASKED) {
            return false;
        }
        switch (message.payload()) {
            case WorkResult result -> {
                return result(tx, plan, preview, result);
            }
            case AgentError error ->
                end(
                        tx,
                        preview,
                        Preview.Status.UNAVAILABLE,
                        message.fromAgent() + " cannot make one: "
                                + error.code().number() + " " + error.message());
            default -> {
                // That it was taken, and that it began, is of no interest here.
            }
        }
        return false;
    }

    private boolean result(Handle tx, Plan plan, Preview preview, WorkResult result) {
        Redaction redaction = Redaction.of(steps.ofPlan(tx, plan.id(), preview.version()).stream()
                .map(Step::spec)
                .toList());
        boolean changed = WorkResult.APPROVAL_CHANGED.equals(result.code());
        Preview.Status status =
                switch (result.outcome()) {
                    case COMPLETED -> Preview.Status.READY;
                    case FAILED -> Preview.Status.FAILED;
                    case REFUSED -> changed ? Preview.Status.STALE : Preview.Status.UNAVAILABLE;
                    case CANCELLED, INTERRUPTED -> Preview.Status.STOPPED;
                };
        WorkPreview found = result.preview() == null ? new WorkPreview(List.of(), 0, false) : result.preview();
        previews.ended(
                tx,
                preview,
                status,
                redaction.text(result.reason()),
                result.hosts(),
                found.tasks().stream().map(task -> task(task, redaction)).toList(),
                found.total(),
                found.truncated(),
                clock.instant());
        LOG.debugf("preview of step %d of plan %s: %s", preview.number(), plan.id(), status);
        return changed && preview.version() == plan.version() && plan.status() == PlanStatus.AWAITING_APPROVAL;
    }

    private static Preview.Task task(WorkStatus.TaskResult task, Redaction redaction) {
        JsonNode diff = task.diff() == null || task.diff().isNull()
                ? null
                : WireFormat.read(
                        redaction
                                .text(WireFormat.writeString(task.diff()))
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        JsonNode.class);
        return new Preview.Task(
                task.play(),
                redaction.text(task.task()),
                task.action(),
                task.host(),
                task.outcome() == null ? null : task.outcome().wire(),
                redaction.text(task.message()),
                diff);
    }

    /** Of a version, as people see them: what has not been answered for long says so. */
    public List<Preview> ofVersion(Handle handle, UUID planId, int version) {
        return previews.ofVersion(handle, planId, version).stream()
                .map(this::told)
                .toList();
    }

    private Preview told(Preview preview) {
        boolean late = preview.status() == Preview.Status.ASKED
                && preview.askedAt().plus(config.answerWithin()).isBefore(clock.instant());
        return late
                ? new Preview(
                        preview.planId(),
                        preview.version(),
                        preview.number(),
                        preview.stepId(),
                        preview.requestId(),
                        preview.status(),
                        "No agent has answered for " + config.answerWithin().toSeconds()
                                + " s. Ask anew, or decide without.",
                        preview.hosts(),
                        preview.tasks(),
                        preview.total(),
                        preview.truncated(),
                        preview.askedBy(),
                        preview.askedAt(),
                        null)
                : preview;
    }

    /** In short, by step number, for the plan itself. */
    public Map<Integer, PreviewView> inShort(Handle handle, UUID planId, int version) {
        return ofVersion(handle, planId, version).stream()
                .collect(Collectors.toMap(
                        Preview::number,
                        preview -> new PreviewView(preview.status().wire(), preview.reason(), preview.changes())));
    }
}
