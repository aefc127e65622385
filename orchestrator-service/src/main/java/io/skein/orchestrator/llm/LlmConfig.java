package io.skein.orchestrator.llm;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Language models for the orchestrator. A provider without a model's name is not asked; without any, the embedded planner plans. */
@ConfigMapping(prefix = "skein.orchestrator.llm")
interface LlmConfig {

    /** Which providers are asked for what, in which order. */
    Chain chain();

    /** A model on machines of one's own. {@code SKEIN_LLM_OLLAMA_*}. */
    Settings ollama();

    /** {@code SKEIN_LLM_ANTHROPIC_*}. */
    Settings anthropic();

    /** {@code SKEIN_LLM_OPENROUTER_*}; any OpenAI-compatible server with another address. */
    Settings openrouter();

    /** {@code SKEIN_LLM_GROQ_*}; any OpenAI-compatible server with another address. */
    Settings groq();

    /** For all providers together while a plan is made; then the embedded planner's counts. {@code SKEIN_LLM_PLAN_TIME}. */
    @WithDefault("12s")
    Duration planTime();

    /** Of one answer, 16 to 100000. {@code SKEIN_LLM_MAX_TOKENS}. */
    @WithDefault("1500")
    int maxTokens();

    /** Fraction, 0 to 1: with less of its quota left the local model is spared. {@code SKEIN_LLM_LOW_QUOTA}. */
    @WithDefault("0.2")
    double lowQuota();

    /** Before the first repetition; doubled each time. {@code SKEIN_LLM_FIRST_PAUSE}. */
    @WithDefault("500ms")
    Duration firstPause();

    /** How long a provider whose questions failed again and again is not asked. {@code SKEIN_LLM_BREAKER_DELAY}. */
    @WithDefault("30s")
    Duration breakerDelay();

    /** In a row, until a provider is not asked for a while. {@code SKEIN_LLM_BREAKER_FAILURES}. */
    @WithDefault("3")
    int breakerFailures();

    /** Chains of providers. */
    interface Chain {
        /** {@code SKEIN_LLM_CHAIN_PLAN}. */
        @WithDefault("ollama,anthropic,openrouter,groq")
        List<String> plan();

        /** Told what failed tasks print, so only local ones unless others are named. {@code SKEIN_LLM_CHAIN_CHAT}. */
        @WithDefault("ollama")
        List<String> chat();

        /** Told what failed tasks print, so only local ones unless others are named. {@code SKEIN_LLM_CHAIN_REVIEW}. */
        @WithDefault("ollama")
        List<String> review();
    }

    /** One provider. */
    interface Settings {
        /** The model's name at the provider. {@code SKEIN_LLM_<PROVIDER>_MODEL}. */
        Optional<String> model();

        /** {@code SKEIN_LLM_<PROVIDER>_KEY}. */
        Optional<String> key();

        /** Where it answers, when it is not the provider's own address. {@code SKEIN_LLM_<PROVIDER>_URL}. */
        Optional<String> url();

        /** For one question with its repetitions. {@code SKEIN_LLM_<PROVIDER>_TIMEOUT}. */
        @WithDefault("30s")
        Duration timeout();

        /** US dollars for a million tokens asked. {@code SKEIN_LLM_<PROVIDER>_PRICE_IN}. */
        @WithDefault("0")
        BigDecimal priceIn();

        /** US dollars for a million tokens answered. {@code SKEIN_LLM_<PROVIDER>_PRICE_OUT}. */
        @WithDefault("0")
        BigDecimal priceOut();

        /** The quota: tokens a day (UTC), asked and answered, of the whole fleet; 0 for no limit. {@code SKEIN_LLM_<PROVIDER>_DAILY_TOKENS}. */
        @WithDefault("0")
        long dailyTokens();
    }
}
