package io.skein.orchestrator.llm;

import io.skein.models.LanguageModel;
import io.skein.models.Prices;
import java.time.Duration;

/** A provider with the model it is asked for. */
record ConfiguredProvider(
        Provider provider,
        String model,
        LanguageModel languageModel,
        Breaker breaker,
        Prices prices,
        Duration timeout,
        long dailyTokens) {

    String name() {
        return provider.wire() + "/" + model;
    }
}
