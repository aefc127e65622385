package io.skein.runtime.model;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.skein.test.ModelServer;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** A model's provider as the runtime is set to ask it. */
final class ModelStandIn extends ModelServer {

    /** What the fleet was told of the calls of {@link #model}. */
    final Queue<ModelFacts.Called> told = new ConcurrentLinkedQueue<>();

    ModelStandIn(Wire wire) {
        super(wire);
    }

    @Override
    public ModelStandIn thinks(Function<Seen, Answer> how) {
        super.thinks(how);
        return this;
    }

    @Override
    public ModelStandIn answers(Answer... answers) {
        super.answers(answers);
        return this;
    }

    ConfiguredModel model(Vertx vertx) {
        return model(vertx, BigDecimal.ONE, BigDecimal.TEN, Duration.ofSeconds(10));
    }

    /** Prices in dollars for a million tokens. */
    ConfiguredModel model(Vertx vertx, BigDecimal priceIn, BigDecimal priceOut, Duration timeout) {
        return new ConfiguredModel(
                new Settings(
                        Optional.of(provider()),
                        Optional.of(url()),
                        Optional.of("stand-in-1"),
                        Optional.of("sk-planted-key"),
                        timeout,
                        500,
                        priceIn,
                        priceOut),
                vertx,
                new SimpleMeterRegistry(),
                (task, call) -> told.add(call),
                Duration.ofMillis(20));
    }

    record Settings(
            Optional<String> provider,
            Optional<String> url,
            Optional<String> name,
            Optional<String> key,
            Duration timeout,
            int maxTokens,
            BigDecimal priceIn,
            BigDecimal priceOut)
            implements ModelConfig {}
}
