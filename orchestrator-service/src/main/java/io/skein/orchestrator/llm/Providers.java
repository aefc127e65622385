package io.skein.orchestrator.llm;

import io.quarkus.runtime.StartupEvent;
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
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The providers the operator configured, and the chains they stand in. */
@ApplicationScoped
class Providers {

    private static final Logger LOG = Logger.getLogger(Providers.class);

    /** A chain of nobody: what a purpose is not to be asked for at all. */
    private static final String NOBODY = "none";

    private final Map<Provider, ConfiguredProvider> configured = new EnumMap<>(Provider.class);
    private final Map<Purpose, List<Provider>> chains = new EnumMap<>(Purpose.class);
    private final LlmConfig config;
    private final HttpClient http;

    /** @throws IllegalArgumentException when a setting cannot be */
    @Inject
    Providers(LlmConfig config, Vertx vertx) {
        this.config = config;
        check(config);
        http = vertx.createHttpClient(new HttpClientOptions()
                .setVerifyHost(true)
                .setConnectTimeout(5_000)
                .setKeepAliveTimeout(30)
                .setMaxPoolSize(128));
        for (Provider provider : Provider.values()) {
            named(settings(provider).model()).ifPresent(model -> configured.put(provider, configured(provider, model)));
        }
        chains.put(Purpose.PLAN, chain(config.chain().plan()));
        chains.put(Purpose.CHAT, chain(config.chain().chat()));
        chains.put(Purpose.REVIEW, chain(config.chain().review()));
    }

    private static void check(LlmConfig config) {
        if (config.maxTokens() < 16 || config.maxTokens() > 100_000) {
            throw new IllegalArgumentException("SKEIN_LLM_MAX_TOKENS is 16 to 100000");
        }
        if (config.lowQuota() < 0 || config.lowQuota() > 1) {
            throw new IllegalArgumentException("SKEIN_LLM_LOW_QUOTA is a fraction, 0 to 1");
        }
        if (config.breakerFailures() < 1) {
            throw new IllegalArgumentException("SKEIN_LLM_BREAKER_FAILURES is 1 or more");
        }
    }

    private static Optional<String> named(Optional<String> setting) {
        return setting.map(String::strip).filter(text -> !text.isEmpty());
    }

    private static List<Provider> chain(List<String> names) {
        return names.stream()
                .filter(name -> !name.isBlank() && !name.strip().equalsIgnoreCase(NOBODY))
                .map(Provider::of)
                .distinct()
                .toList();
    }

    private ConfiguredProvider configured(Provider provider, String model) {
        LlmConfig.Settings settings = settings(provider);
        if (settings.priceIn().signum() < 0 || settings.priceOut().signum() < 0 || settings.dailyTokens() < 0) {
            throw new IllegalArgumentException("prices and quotas are not negative: " + provider.wire());
        }
        ProvidedModel asked = new ProvidedModel(
                provider.format(),
                named(settings.url()).orElse(provider.url()),
                model,
                named(settings.key()).orElse(null),
                http);
        return new ConfiguredProvider(
                provider,
                model,
                new PatientModel(asked, config.firstPause()),
                new Breaker(provider.wire(), config.breakerFailures(), config.breakerDelay()),
                new Prices(settings.priceIn(), settings.priceOut()),
                settings.timeout(),
                settings.dailyTokens());
    }

    LlmConfig.Settings settings(Provider provider) {
        return switch (provider) {
            case OLLAMA -> config.ollama();
            case ANTHROPIC -> config.anthropic();
            case OPENROUTER -> config.openrouter();
            case GROQ -> config.groq();
        };
    }

    /** A typing error in the settings is told at the start, not by the first request. */
    void start(@Observes StartupEvent event) {
        for (Purpose purpose : Purpose.values()) {
            List<Provider> asked = chain(purpose);
            LOG.infof(
                    "language models, %s: %s",
                    purpose.wire(),
                    asked.isEmpty()
                            ? "none"
                            : asked.stream()
                                    .map(provider -> configured.get(provider).name())
                                    .collect(Collectors.joining(", ")));
        }
    }

    Collection<ConfiguredProvider> all() {
        return List.copyOf(configured.values());
    }

    ConfiguredProvider get(Provider provider) {
        return configured.get(provider);
    }

    /** Those that are configured, in the order of the purpose's chain. */
    List<Provider> chain(Purpose purpose) {
        return chains.get(purpose).stream().filter(configured::containsKey).toList();
    }

    @PreDestroy
    void close() {
        http.close();
    }
}
