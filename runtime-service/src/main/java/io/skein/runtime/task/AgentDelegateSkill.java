package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.course.EventMatch;
import io.skein.runtime.instance.InstanceRepository;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.semver4j.Semver;

/** {@code agent.delegate}: hands a task to a subagent that is at work in the same team, and waits for what becomes of it. */
@ApplicationScoped
class AgentDelegateSkill implements Skill {

    static final int MAX_DEPTH = 5;

    private static final ObjectNode SCHEMA = WireFormat.read("""
            {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
              "name": {"type": "string", "maxLength": 200, "pattern": "^[a-z0-9_-]{1,64}(\\\\.[a-z0-9_-]{1,64}){0,15}$",
                "description": "Of the task: words joined by dots. The subagents' delegate_for says who takes what."},
              "agent": {"type": "string", "maxLength": 64, "description": "Which subagent, when several take it."},
              "data": {"type": "object", "description": "Its input."}}}""", ObjectNode.class);

    private final Jdbi jdbi;
    private final TaskRepository tasks;
    private final StepRepository steps;
    private final InstanceRepository instances;
    private final TaskQueue queue;
    private final TaskEnd end;
    private final TaskSignal signal;
    private final Clock clock;

    @Inject
    AgentDelegateSkill(
            Jdbi jdbi,
            TaskRepository tasks,
            StepRepository steps,
            InstanceRepository instances,
            TaskQueue queue,
            TaskEnd end,
            TaskSignal signal,
            Clock clock) {
        this.jdbi = jdbi;
        this.tasks = tasks;
        this.steps = steps;
        this.instances = instances;
        this.queue = queue;
        this.end = end;
        this.signal = signal;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "agent.delegate";
    }

    @Override
    public String description() {
        return "Hand a task to one of your subagents and wait for its result.";
    }

    @Override
    public ObjectNode inputSchema() {
        return SCHEMA.deepCopy();
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        return jdbi.inTransaction(tx -> {
            Task parent = tasks.find(tx, call.taskId()).orElseThrow();
            Optional<Task> earlier = tasks.childOfKey(tx, parent.id(), call.key());
            return earlier.isPresent() ? outcome(tx, earlier.get()) : hand(tx, parent, call);
        });
    }

    private SkillOutcome hand(Handle tx, Task parent, SkillCall call) {
        String name = call.input().path("name").asText();
        if (parent.depth() >= MAX_DEPTH) {
            return failed("too_deep", "The task stands " + MAX_DEPTH + " tasks below the first already.");
        }
        JsonNode definition =
                instances.worker(tx, parent.instanceId()).orElseThrow().definition();
        List<JsonNode> candidates = new ArrayList<>();
        for (JsonNode subagent : definition.path("subagents")) {
            if (takes(subagent, name) && asked(call, subagent.path("id").asText())) {
                candidates.add(subagent);
            }
        }
        if (candidates.isEmpty()) {
            return failed("forbidden", "None of its subagents is there for " + name + ".");
        }
        List<String> above = tasks.agentsAbove(tx, parent.id());
        List<JsonNode> free = candidates.stream()
                .filter(subagent -> !above.contains(subagent.path("id").asText()))
                .toList();
        if (free.isEmpty()) {
            return failed(
                    "cycle",
                    candidates.getFirst().path("id").asText() + " is at work on a task above this one: "
                            + String.join(" < ", above) + ".");
        }
        for (JsonNode subagent : free) {
            Optional<InstanceRepository.Worker> worker = atWork(tx, parent.team(), subagent);
            if (worker.isPresent()) {
                return queued(tx, parent, call, worker.get(), name);
            }
        }
        return new SkillOutcome.Failed(
                "unavailable",
                "No instance of " + free.getFirst().path("id").asText() + " is at work for the team.",
                true);
    }

    private SkillOutcome queued(Handle tx, Task parent, SkillCall call, InstanceRepository.Worker worker, String name) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("actor", call.actor());
        event.put("team", parent.team());
        event.set(
                "data",
                call.input().path("data").isObject()
                        ? call.input().path("data")
                        : JsonNodeFactory.instance.objectNode());
        UUID child = queue.add(
                        tx,
                        worker,
                        new NewTask(
                                name,
                                event,
                                null,
                                call.key(),
                                parent.id(),
                                parent.depth() + 1,
                                tasks.rank(tx, parent.id()),
                                parent.hops(),
                                parent.owner(),
                                call.actor(),
                                parent.traceId()))
                .orElseThrow();
        return new SkillOutcome.Waiting("task", child.toString(), null);
    }

    private static boolean takes(JsonNode subagent, String name) {
        for (JsonNode pattern : subagent.path("delegate_for")) {
            if (EventMatch.fits(pattern.asText(), name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean asked(SkillCall call, String id) {
        return !call.input().hasNonNull("agent")
                || call.input().path("agent").asText().equals(id);
    }

    private Optional<InstanceRepository.Worker> atWork(Handle tx, String team, JsonNode subagent) {
        String range = subagent.path("version").asText("latest");
        List<InstanceRepository.Worker> workers =
                instances.takers(tx, team, List.of(subagent.path("id").asText())).stream()
                        .filter(worker -> range.isEmpty() || range.equals("latest") || isIn(worker.version(), range))
                        .toList();
        // Of those that do nothing at the moment the task is not lost, but who is at work gets to it sooner.
        Set<UUID> active = instances.active(
                tx, workers.stream().map(InstanceRepository.Worker::id).toList());
        return workers.stream().min(Comparator.comparing(worker -> !active.contains(worker.id())));
    }

    private static boolean isIn(String version, String range) {
        Semver parsed = Semver.parse(version);
        return parsed != null && parsed.satisfies(range);
    }

    @Override
    public SkillOutcome look(SkillCall call, SkillOutcome.Waiting begun) {
        return jdbi.withHandle(handle -> tasks.childOfKey(handle, call.taskId(), call.key())
                .map(child -> outcome(handle, child))
                .orElse(begun));
    }

    private SkillOutcome outcome(Handle handle, Task child) {
        return switch (child.status()) {
            case QUEUED, RUNNING, WAITING ->
                new SkillOutcome.Waiting(
                        "person".equals(child.waitingFor()) ? "person" : "task",
                        child.id().toString(),
                        null);
            case SUCCEEDED -> {
                ObjectNode output = JsonNodeFactory.instance.objectNode();
                output.put("taskId", child.id().toString());
                output.put("agent", child.agent());
                output.put("summary", child.summary());
                List<TaskStep> done = steps.ofTask(handle, child.id());
                if (!done.isEmpty() && done.getLast().output() != null) {
                    output.set("output", done.getLast().output());
                }
                yield new SkillOutcome.Done(output);
            }
            case FAILED ->
                failed(
                        child.code() == null ? "internal" : child.code(),
                        child.agent() + " could not do it (task " + child.id() + "): " + child.summary());
            case CANCELLED -> failed("cancelled", "Task " + child.id() + " of " + child.agent() + " was cancelled.");
        };
    }

    @Override
    public void withdraw(SkillCall call, SkillOutcome.Waiting begun) {
        jdbi.useTransaction(tx -> tasks.childOfKey(tx, call.taskId(), call.key())
                .flatMap(child -> tasks.lock(tx, child.id()))
                .filter(child -> !child.status().isEnd())
                .ifPresent(child -> {
                    if (child.status() == TaskStatus.QUEUED) {
                        end.finish(tx, child, TaskStatus.CANCELLED, null, "The task above it has ended.");
                    } else {
                        tasks.cancel(
                                tx, child.id(), call.actor(), "the task above it has ended", null, clock.instant());
                    }
                    tx.afterCommit(signal::wake);
                }));
    }

    private static SkillOutcome.Failed failed(String code, String message) {
        return new SkillOutcome.Failed(code, message, false);
    }
}
