package io.skein.runtime.task;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/** What Prometheus reads. */
@ApplicationScoped
class TaskMetrics {

    private final MeterRegistry registry;

    @Inject
    TaskMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void ended(Task task) {
        Timer.builder("skein.runtime.task")
                .description("From a task's first step to its end, waiting for people included")
                .tag("outcome", task.status().wire())
                .publishPercentileHistogram()
                .register(registry)
                .record(Duration.ofMillis(Math.round(TaskEvents.seconds(task) * 1000)));
        registry.counter("skein.runtime.task.cost.usd").increment(task.costUsd().doubleValue());
    }

    void step(String skill, String outcome) {
        // Tools of servers are without number, and named by others.
        String name = skill.startsWith("mcp.") ? "mcp" : skill;
        registry.counter("skein.runtime.steps", "skill", name, "outcome", outcome)
                .increment();
    }

    void takenOver() {
        registry.counter("skein.runtime.steps.again").increment();
    }
}
