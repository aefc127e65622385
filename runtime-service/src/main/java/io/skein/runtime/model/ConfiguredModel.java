package io.skein.runtime.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.error.ErrorCode;
import io.skein.models.LanguageModel;
import io.skein.models.ModelFailure;
import io.skein.models.PatientModel;
import io.skein.models.Prices;
import io.skein.models.ProvidedModel;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The model the operator set, if any: what it was asked is counted here, and what it cost. */
@ApplicationScoped
class ConfiguredModel {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final ModelConfig config;
    private final Prices prices;
    private final MeterRegistry metrics;
    private final ModelFacts facts;
    private final Optional<LanguageModel> model;
    private HttpClient http;

    /** An answer, and its price. */
    record Paid(LanguageModel.Reply reply, BigDecimal costUsd) {}

    @Inject
    ConfiguredModel(ModelConfig config, Vertx vertx, MeterRegistry metrics, ModelFacts facts) {
        this(config, vertx, metrics, facts, FIRST_PAUSE);
    }

    /**
     * @throws IllegalArgumentException when the provider is none we know, or a setting is missing
     */
    ConfiguredModel(ModelConfig config, Vertx vertx, MeterRegistry metrics, ModelFacts facts, Duration firstPause) {
        this.config = config;
        this.facts = facts;
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
                .map(ConfiguredModel::known)
                .map(provider -> new PatientModel(provided(provider, vertx), firstPause));
    }

    private static ProvidedModel.Provider known(String name) {
        try {
            return ProvidedModel.Provider.of(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("SKEIN_RUNTIME_MODEL_PROVIDER: " + e.getMessage(), e);
        }
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

    /**
     * Asks, and tells the fleet that it did, however it went.
     *
     * @param task for which it is asked
     */
    Paid ask(UUID task, LanguageModel.Question question) throws ModelFailure {
        long begun = System.nanoTime();
        String outcome = "interrupted";
        long tokensIn = 0;
        long tokensOut = 0;
        BigDecimal cost = BigDecimal.ZERO;
        try {
            LanguageModel.Reply reply = model.orElseThrow(() -> new ModelFailure(
                            ErrorCode.UNAVAILABLE, "No model is configured.", false, Duration.ZERO, null))
                    .ask(question);
            outcome = ModelFacts.ANSWERED;
            tokensIn = reply.tokensIn();
            tokensOut = reply.tokensOut();
            cost = prices.cost(tokensIn, tokensOut);
            metrics.counter("skein.runtime.model.tokens", "direction", "in").increment(tokensIn);
            metrics.counter("skein.runtime.model.tokens", "direction", "out").increment(tokensOut);
            metrics.counter("skein.runtime.model.cost.usd").increment(cost.doubleValue());
            return new Paid(reply, cost);
        } catch (ModelFailure e) {
            outcome = e.code().code();
            throw e;
        } finally {
            long nanos = System.nanoTime() - begun;
            metrics.timer("skein.runtime.model.calls", "outcome", outcome).record(nanos, TimeUnit.NANOSECONDS);
            if (isThere()) {
                facts.tell(
                        task,
                        new ModelFacts.Called(
                                config.provider().orElse(""),
                                name(),
                                outcome,
                                tokensIn,
                                tokensOut,
                                cost,
                                TimeUnit.NANOSECONDS.toMillis(nanos)));
            }
        }
    }

    @PreDestroy
    void close() {
        if (http != null) {
            http.close();
        }
    }
}
