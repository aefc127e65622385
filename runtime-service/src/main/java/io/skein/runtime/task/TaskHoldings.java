package io.skein.runtime.task;

import io.skein.runtime.instance.InstanceLeases;
import io.skein.runtime.instance.InstanceRepository;
import io.skein.runtime.instance.InstanceRepository.Worker;
import io.skein.runtime.skill.Skill;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** What steps of a task took or began elsewhere: kept while the task goes on, taken back or given back before it ends. */
final class TaskHoldings {

    private static final Logger LOG = Logger.getLogger(TaskHoldings.class);

    private final Jdbi jdbi;
    private final InstanceLeases leases;
    private final InstanceRepository instances;
    private final TaskRepository tasks;
    private final StepRepository steps;
    private final TaskTools tools;
    private final TaskConfig config;
    private final Clock clock;

    TaskHoldings(
            Jdbi jdbi,
            InstanceLeases leases,
            InstanceRepository instances,
            TaskRepository tasks,
            StepRepository steps,
            TaskTools tools,
            TaskConfig config,
            Clock clock) {
        this.jdbi = jdbi;
        this.leases = leases;
        this.instances = instances;
        this.tasks = tasks;
        this.steps = steps;
        this.tools = tools;
        this.config = config;
        this.clock = clock;
    }

    /** False when it should be tried again. */
    boolean withdrawn(TaskMoment now, TaskStep step) {
        try {
            tools.skill(step.skill()).ifPresent(skill -> skill.withdraw(now.call(step), step.begun()));
            return true;
        } catch (RuntimeException e) {
            Instant since = now.task().isCancelled() ? now.task().cancelAt() : now.deadline();
            boolean enough = since.plus(config.withdraw()).isBefore(now.at());
            LOG.warnf(
                    "task %s: what step %d (%s) began is not taken back%s: %s",
                    now.task().id(), step.number(), step.skill(), enough ? "" : " yet", e.getMessage());
            return enough;
        }
    }

    /** Gives back what the task took, the last first. */
    void giveBack(TaskMoment now) {
        now.steps().reversed().stream().filter(TaskStep::kept).forEach(step -> giveBack(now, step));
    }

    private void giveBack(TaskMoment now, TaskStep step) {
        try {
            tools.skill(step.skill()).ifPresent(skill -> skill.giveBack(now.call(step), step.output()));
        } catch (RuntimeException e) {
            LOG.warnf(
                    "task %s: what step %d (%s) took is not given back, it runs out by itself: %s",
                    now.task().id(), step.number(), step.skill(), e.getMessage());
        }
    }

    /** Keeps what unfinished tasks of these instances took; a task that lost something it believes to have is ended. */
    void keepTaken(UUID replica, Map<UUID, Long> fences, Duration age) {
        if (fences.isEmpty()) {
            return;
        }
        for (StepRepository.Taken taken : jdbi.withHandle(handle -> steps.toKeep(handle, fences.keySet(), age))) {
            try {
                keep(replica, new Flight(taken.task(), taken.instance(), fences.get(taken.instance())), taken.number());
            } catch (RuntimeException e) {
                LOG.debugf("task %s: step %d is not kept now: %s", taken.task(), taken.number(), e.getMessage());
            }
        }
    }

    private void keep(UUID replica, Flight flight, int number) {
        Task task = jdbi.withHandle(handle -> tasks.find(handle, flight.task)).orElseThrow();
        Worker worker = jdbi.withHandle(handle -> instances.worker(handle, task.instanceId()))
                .orElseThrow();
        List<TaskStep> all = jdbi.withHandle(handle -> steps.ofTask(handle, task.id()));
        TaskStep step = all.get(number - 1);
        Skill skill = tools.skill(step.skill()).orElseThrow();
        TaskMoment now = new TaskMoment(replica, flight, task, worker, all, clock.instant());
        Skill.Kept kept = skill.keep(now.call(step), step.output());
        jdbi.useTransaction(tx -> {
            leases.require(tx, flight.instance, replica, flight.fence);
            steps.kept(tx, task.id(), number, kept == Skill.Kept.HELD);
            if (kept == Skill.Kept.LOST) {
                tasks.cancel(
                        tx,
                        task.id(),
                        "agent:" + task.agent(),
                        "Step " + number + " (" + step.skill() + ") lost what it took.",
                        "lock_expired",
                        clock.instant());
            }
        });
    }
}
