package io.skein.orchestrator.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.platform.ServiceConfig;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/**
 * Tells what is done about tasks: an entry in the activity log and a message to the fleet, in the transaction that does it. What is
 * done about a plan's task goes into the plan's own stream, so that there is one order of what happened to a plan.
 */
@ApplicationScoped
public class TaskJournal {

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    Outbox outbox;

    @Inject
    ServiceConfig service;

    @Inject
    Clock clock;

    /**
     * Something was done.
     *
     * @param task what about; its row, or its plan's, is locked
     * @param type of the event
     * @param what in a word, for the activity log
     * @param text for a person, or null
     */
    public void happened(
            Handle tx,
            Task task,
            String type,
            Priority priority,
            String what,
            String text,
            Author author,
            ObjectNode data) {
        data.put("taskId", task.id().toString());
        data.put("title", task.title());
        if (task.isOwn()) {
            entry(tx, task, "activity", what, text, author.actor());
            send(tx, task, type, priority, author, data);
        } else {
            Plan plan = plans.find(tx, task.planId()).orElseThrow();
            Step step =
                    task.kind() == Task.Kind.STEP ? steps.find(tx, task.id()).orElseThrow() : null;
            journal.activity(tx, plan, step, type, priority, what, text, author, data);
        }
    }

    /** A task of its own kind is new or moved on. */
    void moved(Handle tx, Task task, String type, String reason, Author author) {
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("taskId", task.id().toString());
        data.put("title", task.title());
        data.put("status", task.status().wire());
        data.put("reason", reason);
        data.put("priority", task.priority().wire());
        data.put("agent", task.agent());
        if (task.parentId() != null) {
            data.put("parentId", task.parentId().toString());
        }
        entry(tx, task, "task", task.status().wire(), reason, author.actor());
        send(tx, task, type, Priority.NORMAL, author, data);
    }

    void send(Handle tx, Task task, String type, Priority priority, Author author, ObjectNode data) {
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/" + service.name())
                        .subject(task.id())
                        .time(clock.instant())
                        .priority(priority)
                        .team(task.team())
                        .actor(author.actor())
                        .traceId(author.traceId())
                        .owner(task.owner())
                        .data(data)
                        .build());
    }

    private void entry(Handle tx, Task task, String kind, String status, String reason, String actor) {
        tx.createUpdate("""
                        WITH next AS (UPDATE task SET last_seq = last_seq + 1 WHERE id = :task RETURNING last_seq)
                        INSERT INTO task_event (task_id, seq, at, kind, actor, status, reason)
                        SELECT :task, last_seq, :at, :kind, :actor, :status, :reason FROM next""")
                .bind("task", task.id())
                .bind("at", clock.instant())
                .bind("kind", kind)
                .bind("actor", actor)
                .bind("status", status)
                .bind("reason", reason)
                .execute();
    }
}
