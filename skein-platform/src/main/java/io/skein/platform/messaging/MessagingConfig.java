package io.skein.platform.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How this process deals with the broker. */
@ConfigMapping(prefix = "skein.messaging")
public interface MessagingConfig {

    /**
     * Whether a message must have come from whom it says. {@code off} believes every message and is for a broker where all
     * share one user: whoever knows its password can then speak for everybody. Environment: {@code
     * SKEIN_MESSAGING_SENDER_CHECK}.
     */
    @WithDefault("required")
    SenderChecking senderCheck();

    /** Values of {@link #senderCheck()}. */
    enum SenderChecking {
        REQUIRED,
        OFF
    }
}
