package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.course.Move;
import io.skein.runtime.course.TaskSoFar;
import io.skein.runtime.instance.InstanceLeases;
import io.skein.runtime.instance.InstanceRepository;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillOutcome;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes a task one move further. Skills and models are asked outside of any transaction; what came of it is written in one that first
 * makes sure that the instance is still this replica's.
 */
final class TaskRun {

    private static final Logger LOG = Logger.getLogger(TaskRun.class);
    private static final int MAX_STEPS = 200;
    private static final SkillOutcome.Failed UNKNOWN = new SkillOutcome.Failed(
            "interrupted",
            "It was cut off in the middle and must not be run twice: nobody knows whether it happened.",
            false);
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Jdbi jdbi;
    private final InstanceLeases leases;
    private final InstanceRepository instances;
    private final TaskRepository tasks;
    private final StepRepository steps;
    private final TaskTools tools;
    private final TaskEvents events;
    private final TaskEnd end;
    private final TaskConfig config;
    private final Clock clock;
    private final TaskMetrics metrics;
    private final TaskHoldings holdings;

    TaskRun(
            Jdbi jdbi,
            InstanceLeases leases,
            InstanceRepository instances,
            TaskRepository tasks,
            StepRepository steps,
            TaskTools tools,
            TaskEvents events,
            TaskEnd end,
            TaskMetrics metrics,
            TaskHoldings holdings,
            TaskConfig config,
            Clock clock) {
        this.jdbi = jdbi;
        this.leases = leases;
        this.instances = instances;
        this.tasks = tasks;
        this.steps = steps;
        this.tools = tools;
        this.events = events;
        this.end = end;
        this.metrics = metrics;
        this.holdings = holdings;
        this.config = config;
        this.clock = clock;
    }

    /**
     * One move.
     *
     * @return false when there is nothing more to do for now
     * @throws InstanceLeases.LostException when the instance is somebody else's by now
     */
    boolean advance(UUID replica, Flight flight) {
        Task task = jdbi.withHandle(handle -> tasks.find(handle, flight.task)).orElse(null);
        if (task == null || task.status().isEnd()) {
            return false;
        }
        TaskMoment now = new TaskMoment(
                replica,
                flight,
                task,
                jdbi.withHandle(handle -> instances.worker(handle, task.instanceId()))
                        .orElseThrow(),
                jdbi.withHandle(handle -> steps.ofTask(handle, task.id())),
                clock.instant());
        if (task.isCancelled()) {
            return windDown(
                    now,
                    task.cancelCode() == null ? TaskStatus.CANCELLED : TaskStatus.FAILED,
                    task.cancelCode(),
                    (task.cancelCode() == null ? "Cancelled by " + task.cancelBy() : "")
                            + (task.cancelReason() == null
                                    ? ""
                                    : (task.cancelCode() == null ? ": " : "") + task.cancelReason()));
        }
        String state = write(now, (tx, held) -> held.state());
        if (!state.equals("active")) {
            return false;
        }
        TaskStep last = now.last();
        boolean asking = last != null && last.status() == TaskStep.Status.ASKING;
        if (!asking && !now.deadline().isAfter(now.at())) {
            return windDown(now, TaskStatus.FAILED, "timed_out", "It took longer than its agent may take.");
        }
        if (now.budgetLeft().signum() < 0) {
            return windDown(now, TaskStatus.FAILED, "budget_exceeded", "It cost more than its agent may spend.");
        }
        if (last == null || last.hasEnded()) {
            return decide(now);
        }
        return switch (last.status()) {
            case RUNNING -> {
                if (flight.isFirstLook() && last.attempt() == 1 && last.releasedBy() == null) {
                    metrics.takenOver();
                }
                yield run(now, last);
            }
            case WAITING -> use(now, last, skill -> skill.look(now.call(last), last.begun()));
            case RETRY ->
                write(now, (tx, held) -> {
                    steps.running(tx, task.id(), last.number(), last.attempt() + 1, now.at());
                    flight.looked();
                    return true;
                });
            case ASKING, DONE, FAILED -> false;
        };
    }

    /** What is not repeatable is marked before it is run: found marked, nobody knows whether it happened, and it does not again. */
    private boolean run(TaskMoment now, TaskStep step) {
        if (!tools.skill(step.skill()).map(Skill::isRepeatable).orElse(true)) {
            if (step.tried()) {
                return write(now, (tx, held) -> failed(tx, now, step, UNKNOWN));
            }
            write(now, (tx, held) -> {
                steps.tried(tx, now.task().id(), step.number());
                return null;
            });
        }
        return use(now, step, skill -> skill.run(now.call(step)));
    }

    private boolean decide(TaskMoment now) {
        Task task = now.task();
        if (now.steps().size() >= MAX_STEPS) {
            return windDown(now, TaskStatus.FAILED, "too_many_steps", "It did not end within " + MAX_STEPS + " steps.");
        }
        TaskSoFar soFar = now.soFar();
        Move move;
        try {
            move = now.flight().interruptibly(() -> tools.next(soFar));
        } catch (Exception | StackOverflowError e) {
            LOG.warnf(e, "task %s: what to do next is not known", task.id());
            move = new Move.End("internal", "What to do next is not known: " + e.getMessage(), BigDecimal.ZERO);
        }
        if (now.flight().isInterrupted()) {
            return true;
        }
        Move decided = move;
        return switch (decided) {
            case Move.Use use -> begin(now, use);
            case Move.Cannot cannot ->
                write(now, (tx, held) -> {
                    failedAtOnce(tx, now, cannot.skill(), cannot.as(), cannot.input(), cannot.code(), cannot.message());
                    return true;
                });
            case Move.End ended -> {
                if (ended.costUsd().signum() > 0) {
                    write(now, (tx, held) -> {
                        tasks.spend(tx, task.id(), ended.costUsd());
                        return null;
                    });
                }
                yield windDown(
                        now,
                        ended.code() == null ? TaskStatus.SUCCEEDED : TaskStatus.FAILED,
                        ended.code(),
                        ended.summary());
            }
        };
    }

    private boolean begin(TaskMoment now, Move.Use use) {
        JsonNode definition = now.worker().definition();
        ObjectNode input = (ObjectNode) TaskTools.storable(use.input());
        Skill skill = tools.skill(use.skill()).orElse(null);
        String code = null;
        String wrong = null;
        if (skill == null) {
            code = "not_found";
            wrong = "There is no skill " + use.skill() + ".";
        } else if (!TaskTools.has(definition, use.skill())) {
            code = "forbidden";
            wrong = "The agent's definition does not give it the skill " + use.skill() + ".";
        } else {
            // A server's tool is asked for its schema, which may take a while.
            try {
                wrong = now.flight().interruptibly(() -> tools.violation(skill, input));
            } catch (Exception e) {
                wrong = "cannot be checked: " + e.getMessage();
            }
            code = wrong == null ? null : "validation_failed";
        }
        if (now.flight().isInterrupted()) {
            return true;
        }
        String failure = code;
        String message = wrong;
        return write(now, (tx, held) -> {
            if (use.costUsd().signum() > 0) {
                tasks.spend(tx, now.task().id(), use.costUsd());
            }
            if (failure != null) {
                failedAtOnce(tx, now, use.skill(), use.as(), input, failure, message);
                return true;
            }
            boolean asks = TaskTools.asksFirst(definition, use.skill());
            steps.insert(
                    tx,
                    now.task().id(),
                    now.steps().size() + 1,
                    use.skill(),
                    use.as(),
                    input,
                    TaskTools.storable(use.note()),
                    asks ? TaskStep.Status.ASKING : TaskStep.Status.RUNNING,
                    use.costUsd(),
                    now.at());
            now.flight().looked();
            if (asks) {
                becomesWaiting(tx, now, "person", null, null);
            }
            return !asks;
        });
    }

    private void failedAtOnce(
            Handle tx, TaskMoment now, String skill, String as, ObjectNode input, String code, String message) {
        int number = now.steps().size() + 1;
        steps.insert(
                tx,
                now.task().id(),
                number,
                skill,
                as,
                input,
                null,
                TaskStep.Status.RUNNING,
                BigDecimal.ZERO,
                now.at());
        steps.failed(
                tx,
                now.task().id(),
                number,
                TaskStep.Status.FAILED,
                code,
                TaskTools.storable(message),
                clock.instant());
        metrics.step(skill, "failed");
    }

    private interface Use {
        SkillOutcome of(Skill skill);
    }

    private boolean use(TaskMoment now, TaskStep step, Use use) {
        Skill skill = tools.skill(step.skill()).orElse(null);
        SkillOutcome outcome;
        if (skill == null) {
            outcome = new SkillOutcome.Failed("not_found", "There is no skill " + step.skill() + " any more.", false);
        } else {
            try {
                outcome = now.flight().interruptibly(() -> use.of(skill));
            } catch (Exception | StackOverflowError e) {
                LOG.warnf(
                        e,
                        "task %s: step %d (%s) failed unexpectedly",
                        now.task().id(),
                        step.number(),
                        step.skill());
                outcome = new SkillOutcome.Failed("internal", "The skill failed unexpectedly.", false);
            }
        }
        if (now.flight().isInterrupted()) {
            // Whether it happened is found out by running it again, or by taking it back.
            return true;
        }
        SkillOutcome came = outcome;
        return write(now, (tx, held) -> switch (came) {
            case SkillOutcome.Done done -> done(tx, now, step, done, skill != null && skill.takes());
            case SkillOutcome.Waiting waiting -> waiting(tx, now, step, waiting);
            case SkillOutcome.Failed failed -> failed(tx, now, step, failed);
        });
    }

    private boolean done(Handle tx, TaskMoment now, TaskStep step, SkillOutcome.Done done, boolean takes) {
        JsonNode output =
                done.output() == null ? WireFormat.mapper().createObjectNode() : TaskTools.storable(done.output());
        if (output.toString().length() > TaskTools.MAX_OUTPUT_CHARS) {
            return failed(
                    tx,
                    now,
                    step,
                    new SkillOutcome.Failed("payload_too_large", "What it answered is too large to be kept.", false));
        }
        steps.done(
                tx,
                now.task().id(),
                step.number(),
                new SkillOutcome.Done(output, done.costUsd()),
                takes,
                clock.instant());
        if (done.costUsd().signum() > 0) {
            tasks.spend(tx, now.task().id(), done.costUsd());
        }
        tasks.becomes(tx, now.task().id(), TaskStatus.RUNNING, null, null, AT_ONCE, clock.instant());
        metrics.step(step.skill(), "done");
        return true;
    }

    private boolean waiting(Handle tx, TaskMoment now, TaskStep step, SkillOutcome.Waiting on) {
        steps.waiting(tx, now.task().id(), step.number(), on);
        // A place in a queue is lost when nobody stands there: back at once.
        becomesWaiting(tx, now, on.on(), on.planId(), on.on().equals("lock") ? SOON : config.look());
        return false;
    }

    private void becomesWaiting(Handle tx, TaskMoment now, String on, UUID planId, Duration dueIn) {
        Task task = now.task();
        tasks.becomes(tx, task.id(), TaskStatus.WAITING, on, planId, dueIn, clock.instant());
        if (task.status() != TaskStatus.WAITING || !on.equals(task.waitingFor())) {
            tasks.find(tx, task.id()).ifPresent(waiting -> events.tell(tx, waiting));
        }
    }

    private boolean failed(Handle tx, TaskMoment now, TaskStep step, SkillOutcome.Failed failed) {
        int retries = now.config().path("auto_retry").asInt(0);
        boolean again = failed.mayPass() && step.attempt() <= retries;
        steps.failed(
                tx,
                now.task().id(),
                step.number(),
                again ? TaskStep.Status.RETRY : TaskStep.Status.FAILED,
                failed.code(),
                TaskTools.storable(failed.message()),
                clock.instant());
        Duration pause = again ? config.retry().multipliedBy(1L << (step.attempt() - 1)) : AT_ONCE;
        tasks.becomes(tx, now.task().id(), TaskStatus.RUNNING, null, null, pause, clock.instant());
        metrics.step(step.skill(), again ? "retry" : "failed");
        return !again;
    }

    /** Takes back what is under way, gives back what was taken, and ends the task. */
    private boolean windDown(TaskMoment now, TaskStatus status, String code, String summary) {
        TaskStep last = now.last();
        boolean begun = last != null
                && (last.status() == TaskStep.Status.RUNNING
                        || last.status() == TaskStep.Status.WAITING
                        || last.status() == TaskStep.Status.RETRY);
        if (begun && !holdings.withdrawn(now, last)) {
            write(now, (tx, held) -> {
                tasks.lookAgainIn(tx, now.task().id(), AGAIN);
                return null;
            });
            return false;
        }
        holdings.giveBack(now);
        return write(now, (tx, held) -> {
            if (last != null && !last.hasEnded()) {
                steps.failed(
                        tx,
                        now.task().id(),
                        last.number(),
                        TaskStep.Status.FAILED,
                        code == null ? "cancelled" : code,
                        summary,
                        clock.instant());
            }
            end.finish(tx, now.task(), status, code, summary);
            return false;
        });
    }

    /** The one way to write: in a transaction that holds the lease. */
    private <T> T write(TaskMoment now, BiFunction<Handle, InstanceLeases.Held, T> what) {
        return jdbi.inTransaction(
                tx -> what.apply(tx, leases.require(tx, now.flight().instance, now.replica(), now.flight().fence)));
    }
}
