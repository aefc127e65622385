package io.skein.runtime.model;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** The language model. Without a provider there is none, and agents follow their rules. */
@ConfigMapping(prefix = "skein.runtime.model")
interface ModelConfig {

    /** {@code openai-compatible}, {@code anthropic} or {@code ollama}. {@code SKEIN_RUNTIME_MODEL_PROVIDER}. */
    Optional<String> provider();

    /** Where it answers; without it, the provider's own address (Ollama's: this machine). {@code SKEIN_RUNTIME_MODEL_URL}. */
    Optional<String> url();

    /** The model's name at the provider. {@code SKEIN_RUNTIME_MODEL_NAME}. */
    Optional<String> name();

    /** {@code SKEIN_RUNTIME_MODEL_KEY}. */
    Optional<String> key();

    /** For one question with its retries. {@code SKEIN_RUNTIME_MODEL_TIMEOUT}. */
    @WithDefault("60s")
    Duration timeout();

    /** Of one answer, 16 to 100000. {@code SKEIN_RUNTIME_MODEL_MAX_TOKENS}. */
    @WithDefault("2000")
    int maxTokens();

    /** US dollars for a million tokens asked. {@code SKEIN_RUNTIME_MODEL_PRICE_IN}. */
    @WithDefault("0")
    BigDecimal priceIn();

    /** US dollars for a million tokens answered. {@code SKEIN_RUNTIME_MODEL_PRICE_OUT}. */
    @WithDefault("0")
    BigDecimal priceOut();
}
