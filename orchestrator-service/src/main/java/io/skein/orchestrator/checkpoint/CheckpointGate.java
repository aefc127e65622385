package io.skein.orchestrator.checkpoint;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.orchestrator.dispatch.StepGate;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.task.TaskJournal;
import io.skein.orchestrator.task.TaskRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Keeps the step behind an open checkpoint from being ordered, and says when a plan has come to one. */
@ApplicationScoped
class CheckpointGate implements StepGate {

    @Inject
    CheckpointRepository checkpoints;

    @Inject
    TaskRepository tasks;

    @Inject
    TaskJournal journal;

    @Inject
    PlanJournal plans;

    @Inject
    Clock clock;

    @Override
    public Optional<String> closed(Handle tx, Plan plan, Step step, List<Step> all) {
        Checkpoint found = null;
        for (Checkpoint checkpoint : checkpoints.open(tx, plan.id())) {
            if (step.id().equals(checkpoint.stepIn(all))) {
                if (checkpoint.status().equals(Checkpoint.SET)) {
                    reach(tx, plan, step, checkpoint);
                }
                found = found == null ? checkpoint : found;
            }
        }
        return Optional.ofNullable(found)
                .map(checkpoint -> "Step " + step.number() + " waits at a checkpoint: " + checkpoint.question());
    }

    private void reach(Handle tx, Plan plan, Step step, Checkpoint checkpoint) {
        checkpoints.reached(tx, checkpoint.id(), clock.instant());
        journal.happened(
                tx,
                tasks.find(tx, step.id()).orElseThrow(),
                EventTypes.TASK_CHECKPOINT_REACHED,
                Priority.HIGH,
                "checkpoint_reached",
                checkpoint.question(),
                plans.service(plan),
                CheckpointService.data(checkpoint));
    }
}
