package io.skein.orchestrator.llm;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** What models are asked and cost, by provider; who asked is in the database, where a name costs nothing. */
@ApplicationScoped
class LlmMetrics {

    /** Fine where a model that answers at once leaves only what asking costs, coarse where models think. */
    private static final Duration[] STEPS = DoubleStream.of(
                    1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100, 500, 1000, 5000, 15_000, 30_000)
            .mapToObj(millis -> Duration.ofNanos((long) (millis * 1e6)))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Meter.MeterProvider<Timer> questions;

    @Inject
    LlmMetrics(MeterRegistry registry) {
        this.registry = registry;
        questions = Timer.builder("skein.orchestrator.llm.questions")
                .description("From a question to its answer: the calls that were tried, and the books around them")
                .serviceLevelObjectives(STEPS)
                .withRegistry(registry);
    }

    /** Whoever asked has waited so long. */
    void asked(Purpose purpose, boolean answered, long nanos) {
        questions
                .withTags("purpose", purpose.wire(), "outcome", answered ? CallBook.ANSWERED : "unanswered")
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void called(ConfiguredProvider provider, Purpose purpose, CallBook.Result result, long nanos) {
        String name = provider.provider().wire();
        registry.timer(
                        "skein.orchestrator.llm.calls",
                        "provider",
                        name,
                        "purpose",
                        purpose.wire(),
                        "outcome",
                        result.outcome())
                .record(nanos, TimeUnit.NANOSECONDS);
        registry.counter("skein.orchestrator.llm.tokens", "provider", name, "direction", "in")
                .increment(result.tokensIn());
        registry.counter("skein.orchestrator.llm.tokens", "provider", name, "direction", "out")
                .increment(result.tokensOut());
        conventional(provider, result, nanos);
        registry.counter("skein.orchestrator.llm.cost.usd", "provider", name)
                .increment(result.costUsd().doubleValue());
    }

    /** The same as OpenTelemetry's conventions for GenAI name it, for dashboards that know no Skein. */
    private void conventional(ConfiguredProvider provider, CallBook.Result result, long nanos) {
        Tags tags = Tags.of(
                "gen_ai.operation.name",
                "chat",
                "gen_ai.provider.name",
                provider.provider().wire(),
                "gen_ai.request.model",
                provider.model());
        boolean answered = result.outcome().equals(CallBook.ANSWERED);
        registry.timer("gen_ai.client.operation.duration", tags.and("error.type", answered ? "" : result.outcome()))
                .record(nanos, TimeUnit.NANOSECONDS);
        registry.summary("gen_ai.client.token.usage", tags.and("gen_ai.token.type", "input"))
                .record(result.tokensIn());
        registry.summary("gen_ai.client.token.usage", tags.and("gen_ai.token.type", "output"))
                .record(result.tokensOut());
    }

    /** A budget had no room. */
    void refused(ConfiguredProvider provider) {
        registry.counter(
                        "skein.orchestrator.llm.refused",
                        "provider",
                        provider.provider().wire())
                .increment();
    }
}
