package io.skein.orchestrator.preview;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Previews of steps that wait for approval. */
@ConfigMapping(prefix = "skein.orchestrator.preview")
public interface PreviewConfig {

    /** False: none is asked for, unless a person does. Environment: {@code SKEIN_PREVIEW_ENABLED}. */
    @WithDefault("true")
    boolean enabled();

    /** How long the preview of one step may run. Environment: {@code SKEIN_PREVIEW_TIMEOUT}. */
    @WithDefault("60s")
    Duration timeout();

    /** After this without an answer the preview says so; a late answer still counts. */
    @WithDefault("5m")
    Duration answerWithin();
}
