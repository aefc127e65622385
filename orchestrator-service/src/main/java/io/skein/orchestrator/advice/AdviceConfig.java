package io.skein.orchestrator.advice;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** When a request is more than a small model should be asked (LLM-02). */
@ConfigMapping(prefix = "skein.orchestrator.advice")
interface AdviceConfig {

    /** A request for this many things or more is complex. {@code SKEIN_LLM_COMPLEX_THINGS}. */
    @WithDefault("4")
    int complexThings();

    /** A request of this many characters or more is complex. {@code SKEIN_LLM_COMPLEX_CHARACTERS}. */
    @WithDefault("600")
    int complexCharacters();
}
