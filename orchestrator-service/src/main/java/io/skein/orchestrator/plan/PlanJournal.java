package io.skein.orchestrator.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.plan.PlanEventRepository.Entry;
import io.skein.platform.ServiceConfig;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * The one way to change the state of a plan or a step: the row, the live stream and the message to the fleet are written in the
 * caller's transaction, which holds the lock on the plan's row. Nobody hears of a change that is not committed.
 */
@ApplicationScoped
public class PlanJournal {

    private static final Logger LOG = Logger.getLogger(PlanJournal.class);
    private static final int MAX_TASKS_IN_RECORD = 500;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanEventRepository events;

    @Inject
    PlanFactsRepository planFacts;

    @Inject
    Event<PlanChange> changes;

    @Inject
    Outbox outbox;

    @Inject
    PlanMetrics metrics;

    @Inject
    ServiceConfig service;

    @Inject
    Clock clock;

    /** Who made a change, and the trace of the call it came in. */
    public record Author(String actor, String traceId) {}

    public void created(Handle tx, Plan plan, PlanVersion version, Author author) {
        events.append(tx, plan.id(), clock.instant(), Entry.ofPlan(plan.status(), null, author.actor()));
        ObjectNode data = planData(plan);
        data.put("questions", version.questions().size());
        data.put("estimatedSeconds", version.estimatedSeconds());
        send(tx, plan, EventTypes.PLAN_CREATED, Priority.NORMAL, plan.id(), author, data);
        tell(PlanChange.Kind.PROPOSED, tx, plan.id(), author);
    }

    public void modified(Handle tx, Plan plan, PlanVersion version, PlanStatus next, Author author) {
        newVersion(tx, plan, version, next, null, author);
        tell(PlanChange.Kind.MODIFIED, tx, plan.id(), author);
    }

    /** A plan that had been approved has to be approved again, in a new version. */
    public void askedAgain(
            Handle tx, Plan plan, PlanVersion version, PlanStatus next, PlanFacts.Lapsed lapsed, Author author) {
        newVersion(tx, plan, version, next, lapsed.reason(), author);
        ObjectNode data = planData(plan);
        data.put("version", version.version());
        data.put("planHash", version.planHash());
        data.put("status", next.wire());
        data.put("stepNumber", lapsed.stepNumber());
        data.put("reason", lapsed.reason());
        lapsed.files().forEach(data.withArray("files")::add);
        send(tx, plan, EventTypes.PLAN_APPROVAL_LAPSED, Priority.HIGH, plan.id(), author, data);
        tell(PlanChange.Kind.ASKED_AGAIN, tx, plan.id(), author);
    }

    /** One of two people has approved; the plan stays what it is. */
    public void halfApproved(Handle tx, Plan plan, String reason, ObjectNode more, Author author) {
        Instant now = clock.instant();
        plans.status(tx, plan.id(), plan.status(), reason, now);
        events.append(tx, plan.id(), now, Entry.ofPlan(plan.status(), reason, author.actor()));
        ObjectNode data = planData(plan);
        data.setAll(more);
        data.put("reason", reason);
        send(tx, plan, EventTypes.PLAN_APPROVAL_GIVEN, Priority.NORMAL, plan.id(), author, data);
    }

    private void tell(PlanChange.Kind kind, Handle tx, UUID planId, Author author) {
        changes.fire(new PlanChange(kind, tx, plans.find(tx, planId).orElseThrow(), author));
    }

    private void newVersion(Handle tx, Plan plan, PlanVersion version, PlanStatus next, String reason, Author author) {
        plans.status(tx, plan.id(), next, reason, clock.instant());
        events.append(
                tx,
                plan.id(),
                clock.instant(),
                Entry.ofPlan(
                        next,
                        "version " + version.version() + ": " + (reason == null ? version.summary() : reason),
                        author.actor()));
        ObjectNode data = planData(plan);
        data.put("version", version.version());
        data.put("planHash", version.planHash());
        data.put("status", next.wire());
        data.put("summary", version.summary());
        send(tx, plan, EventTypes.PLAN_MODIFIED, Priority.NORMAL, plan.id(), author, data);
    }

    /** Moves a plan on; the caller has checked with the person that it may, this makes sure. */
    public Plan plan(Handle tx, Plan plan, PlanStatus next, String reason, Author author) {
        if (!plan.status().mayBecome(next)) {
            throw new IllegalStateException("plan " + plan.id() + " is " + plan.status() + ", not to become " + next);
        }
        Instant now = clock.instant();
        Plan changed = plans.status(tx, plan.id(), next, reason, now);
        events.append(tx, plan.id(), now, Entry.ofPlan(next, reason, author.actor()));
        ObjectNode data = planData(changed);
        data.put("reason", reason);
        if (next == PlanStatus.APPROVED) {
            PlanFacts facts = planFacts.find(tx, plan.id(), changed.version());
            data.put("approvalMode", facts.approvalMode());
            data.put("approvalRule", facts.approvalRule());
        }
        if (next.isTerminal()) {
            PlanVersion version =
                    plans.version(tx, plan.id(), changed.version()).orElseThrow();
            data.set(
                    "record",
                    Evidence.ofPlan(
                            changed,
                            version,
                            steps.ofPlan(tx, plan.id(), changed.version()),
                            planFacts.find(tx, plan.id(), changed.version())));
            LOG.infof("plan %s %s%s", plan.id(), next.wire(), reason == null ? "" : ": " + reason);
        }
        // A plan that can go on again is told as started again only when it had not been before.
        boolean again =
                plan.status() == PlanStatus.PAUSED && (next == PlanStatus.RUNNING || next == PlanStatus.APPROVED);
        if (!again) {
            next.eventType().ifPresent(type -> send(tx, changed, type, priority(next), plan.id(), author, data));
        }
        changes.fire(new PlanChange(PlanChange.Kind.MOVED, tx, changed, author));
        return changed;
    }

    /** The plan stays what it is and cannot go on for a reason; told once per reason. Returns it with the reason. */
    public Plan waiting(Handle tx, Plan plan, String reason) {
        if (Objects.equals(plan.statusReason(), reason)) {
            return plan;
        }
        Instant now = clock.instant();
        Plan changed = plans.status(tx, plan.id(), plan.status(), reason, now);
        events.append(
                tx,
                plan.id(),
                now,
                Entry.ofPlan(plan.status(), reason, service(plan).actor()));
        if (reason != null) {
            ObjectNode data = planData(plan);
            data.put("reason", reason);
            send(tx, plan, EventTypes.PLAN_WAITING, Priority.NORMAL, plan.id(), service(plan), data);
        }
        return changed;
    }

    /** Moves a step on. */
    public Step step(Handle tx, Plan plan, Step step, StepStatus next, String reason, Author author) {
        if (!step.status().mayBecome(next)) {
            throw new IllegalStateException("step " + step.id() + " is " + step.status() + ", not to become " + next);
        }
        Instant now = clock.instant();
        Step changed = steps.status(tx, step.id(), next, reason, now);
        events.append(tx, plan.id(), now, Entry.ofStep(step, next, reason, author.actor()));
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("stepId", step.id().toString());
        data.put("stepNumber", step.number());
        data.put("name", step.spec().name());
        data.put("playbook", step.spec().playbook());
        data.put("agent", changed.agent());
        data.put("status", next.wire());
        data.put("reason", reason);
        step.spec().hosts().forEach(data.withArray("hosts")::add);
        if (next.isTerminal()) {
            List<PlanEvent> tasks = events.ofStep(tx, plan.id(), step.id(), 0, MAX_TASKS_IN_RECORD);
            metrics.stepEnded(changed);
            data.set("record", Evidence.ofStep(plan, changed, steps.ofPlan(tx, plan.id(), step.version()), tasks));
        }
        Priority priority =
                next == StepStatus.FAILED || next == StepStatus.INTERRUPTED ? Priority.HIGH : Priority.NORMAL;
        send(tx, plan, next.eventType(), priority, step.id(), author, data);
        return changed;
    }

    /** An Ansible task ended; false when this message was here before. */
    public boolean task(Handle tx, Plan plan, Step step, WorkStatus status) {
        if (events.hasWork(tx, step.id(), status.sequence())) {
            return false;
        }
        events.append(
                tx,
                plan.id(),
                status.at() == null ? clock.instant() : status.at(),
                Entry.ofTask(step, status.sequence(), taskJson(status.task())));
        return true;
    }

    /**
     * Something was done about a plan, or one of its steps, that moved neither: an entry in the stream and a message to the fleet.
     *
     * @param step what about, or null for all of it
     * @param what in a word
     * @param text for a person, or null
     */
    public void activity(
            Handle tx,
            Plan plan,
            Step step,
            String type,
            Priority priority,
            String what,
            String text,
            Author author,
            ObjectNode data) {
        events.append(tx, plan.id(), clock.instant(), Entry.ofActivity(step, what, text, author.actor()));
        if (step != null) {
            data.put("stepNumber", step.number());
        }
        send(tx, plan, type, priority, step == null ? plan.id() : step.id(), author, data);
    }

    private static ObjectNode taskJson(WorkStatus.TaskResult task) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        json.put("play", task.play());
        json.put("task", task.task());
        json.put("action", task.action());
        json.put("host", task.host());
        json.put("outcome", task.outcome() == null ? null : task.outcome().wire());
        json.put("ignored", task.ignored());
        json.put("durationMillis", task.durationMillis());
        json.put("message", task.message());
        if (task.diff() != null && !task.diff().isNull()) {
            json.set("diff", task.diff());
        }
        return json;
    }

    /** The orchestrator itself, acting for a plan. */
    public Author service(Plan plan) {
        return new Author("service:" + service.name(), plan.traceId());
    }

    private static Priority priority(PlanStatus status) {
        return status == PlanStatus.FAILED || status == PlanStatus.INTERRUPTED ? Priority.HIGH : Priority.NORMAL;
    }

    private static ObjectNode planData(Plan plan) {
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("status", plan.status().wire());
        data.put("requestId", plan.requestId().toString());
        data.put("requestedBy", plan.requestedBy());
        data.put("version", plan.version());
        data.put("planHash", plan.planHash());
        data.put("approvedBy", plan.approvedBy());
        return data;
    }

    /**
     * A fact about a plan that changes no state. Everything about a plan belongs to one trace, that of the request it came from;
     * a person who decides later does so in a call of its own, which {@code callTraceId} names.
     */
    public void send(
            Handle tx, Plan plan, String type, Priority priority, UUID subject, Author author, ObjectNode data) {
        boolean ownCall = author.traceId() != null && !author.traceId().equals(plan.traceId());
        if (ownCall && plan.traceId() != null) {
            data.put("callTraceId", author.traceId());
        }
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/" + service.name())
                        .subject(subject)
                        .time(clock.instant())
                        .priority(priority)
                        .team(plan.team())
                        .actor(author.actor())
                        .traceId(plan.traceId() == null ? author.traceId() : plan.traceId())
                        .planId(plan.id())
                        .owner(plan.requestedBy())
                        .data(data)
                        .build());
    }
}
