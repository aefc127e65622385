package io.skein.runtime.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.error.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The model the operator set, if any: what it was asked is counted here, and what it cost. */
@ApplicationScoped
class ConfiguredModel {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final ModelConfig config;
    private final Prices prices;
    private final MeterRegistry metrics;
    private final Optional<LanguageModel> model;
    private HttpClient http;

    /** An answer, and its price. */
    record Paid(LanguageModel.Reply reply, BigDecimal costUsd) {}

    @Inject
    ConfiguredModel(ModelConfig config, Vertx vertx, MeterRegistry metrics) {
        this(config, vertx, metrics, FIRST_PAUSE);
    }

    /**
     * @throws IllegalArgumentException when the provider is none we know, or a setting is missing
     */
    ConfiguredModel(ModelConfig config, Vertx vertx, MeterRegistry metrics, Duration firstPause) {
        this.config = config;
        this.metrics = metrics;
        this.prices = new Prices(config.priceIn(), config.priceOut());
        if (config.priceIn().signum() < 0 || config.priceOut().signum() < 0) {
            throw new IllegalArgumentException("the prices of a model are not negative");
        }
        if (config.maxTokens() < 16 || config.maxTokens() > 100_000) {
            throw new IllegalArgumentException("SKEIN_RUNTIME_MODEL_MAX_TOKENS is 16 to 100000");
        }
        this.model = config.provider()
                .filter(name -> !name.isBlank())
                .map(ProvidedModel.Provider::of)
                .map(provider -> new PatientModel(provided(provider, vertx), firstPause));
    }

    private LanguageModel provided(ProvidedModel.Provider provider, Vertx vertx) {
        http = vertx.createHttpClient(new HttpClientOptions()
                .setVerifyHost(true)
                .setConnectTimeout(10_000)
                .setKeepAliveTimeout(30)
                .setMaxPoolSize(32));
        return new ProvidedModel(
                provider,
                config.url().filter(url -> !url.isBlank()).orElse(provider.url()),
                config.name()
                        .filter(name -> !name.isBlank())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "SKEIN_RUNTIME_MODEL_NAME is missing: which model is asked?")),
                config.key().filter(key -> !key.isBlank()).orElse(null),
                http);
    }

    /** A typing error in the settings is told at the start, not by the first task. */
    void start(@Observes StartupEvent event) {
        isThere();
    }

    boolean isThere() {
        return model.isPresent();
    }

    String name() {
        return config.name().orElse("");
    }

    /** How long an answer to this may be, by budget and setting; 0 when the budget does not even reach for the question. */
    int affordable(int characters, BigDecimal budgetUsd) {
        return prices.affordable(characters, budgetUsd, config.maxTokens());
    }

    /** @param left how long the task still has */
    Duration within(Duration left) {
        return left.compareTo(config.timeout()) < 0 ? left : config.timeout();
    }

    Paid ask(LanguageModel.Question question) throws ModelFailure {
        long begun = System.nanoTime();
        String outcome = "interrupted";
        try {
            LanguageModel.Reply reply = model.orElseThrow(() -> new ModelFailure(
                            ErrorCode.UNAVAILABLE, "No model is configured.", false, Duration.ZERO, null))
                    .ask(question);
            outcome = "answered";
            BigDecimal cost = prices.cost(reply.tokensIn(), reply.tokensOut());
            metrics.counter("skein.runtime.model.tokens", "direction", "in").increment(reply.tokensIn());
            metrics.counter("skein.runtime.model.tokens", "direction", "out").increment(reply.tokensOut());
            metrics.counter("skein.runtime.model.cost.usd").increment(cost.doubleValue());
            return new Paid(reply, cost);
        } catch (ModelFailure e) {
            outcome = e.code().code();
            throw e;
        } finally {
            metrics.timer("skein.runtime.model.calls", "outcome", outcome)
                    .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    @PreDestroy
    void close() {
        if (http != null) {
            http.close();
        }
    }
}
