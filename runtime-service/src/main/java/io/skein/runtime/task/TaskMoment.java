package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.course.TaskSoFar;
import io.skein.runtime.instance.InstanceRepository.Worker;
import io.skein.runtime.skill.SkillCall;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A task as it was read, by whom it is worked on, and what its agent may do. */
record TaskMoment(UUID replica, Flight flight, Task task, Worker worker, List<TaskStep> steps, Instant at) {

    TaskStep last() {
        return steps.isEmpty() ? null : steps.getLast();
    }

    JsonNode config() {
        return worker.definition().path("config");
    }

    Instant deadline() {
        return task.deadline(Duration.ofSeconds(config().path("timeout_seconds").asLong(600)), at);
    }

    BigDecimal budgetLeft() {
        BigDecimal limit = config().path("budget_limit_usd").decimalValue();
        return limit.subtract(task.costUsd());
    }

    /** As its course sees it. */
    TaskSoFar soFar() {
        return new TaskSoFar(
                task.id(),
                task.team(),
                task.name(),
                worker.definition(),
                task.event(),
                steps.stream()
                        .map(step -> new TaskSoFar.Step(
                                step.number(),
                                step.skill(),
                                step.as(),
                                step.input(),
                                step.output(),
                                step.code(),
                                step.message()))
                        .toList(),
                budgetLeft().max(BigDecimal.ZERO),
                deadline());
    }

    SkillCall call(TaskStep step) {
        JsonNode may = worker.definition().path("permissions");
        return new SkillCall(
                task.id(),
                step.number(),
                task.team(),
                task.agent(),
                new SkillCall.Permissions(
                        texts(may.path("publish")),
                        texts(may.path("locks")),
                        texts(may.path("http")),
                        may.path("plans").asBoolean()),
                step.input(),
                budgetLeft().max(BigDecimal.ZERO),
                deadline(),
                task.traceId(),
                task.hops());
    }

    private static List<String> texts(JsonNode list) {
        return WireFormat.mapper()
                .convertValue(
                        list.isArray() ? list : WireFormat.mapper().createArrayNode(),
                        WireFormat.mapper().getTypeFactory().constructCollectionType(List.class, String.class));
    }
}
