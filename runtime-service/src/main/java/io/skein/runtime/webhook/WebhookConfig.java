package io.skein.runtime.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Webhooks. */
@ConfigMapping(prefix = "skein.runtime.webhook")
interface WebhookConfig {

    /**
     * Encrypts the webhooks' secrets in the database; at least 32 characters, the same in every replica. Without it there are no
     * webhooks; losing it means to give every sender a new secret. {@code SKEIN_RUNTIME_KEY_SECRET}.
     */
    Optional<String> keySecret();

    /** How many one team may have. {@code SKEIN_RUNTIME_WEBHOOKS_PER_TEAM}. */
    @WithDefault("50")
    int perTeam();

    /** Deliveries one webhook takes in a minute. {@code SKEIN_RUNTIME_WEBHOOK_PER_MINUTE}. */
    @WithDefault("300")
    int perMinute();

    /** How long a delivery is known again, at least 1h. {@code SKEIN_RUNTIME_WEBHOOK_REMEMBER}. */
    @WithDefault("7d")
    Duration remember();
}
