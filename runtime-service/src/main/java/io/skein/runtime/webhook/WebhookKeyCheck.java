package io.skein.runtime.webhook;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.ReadinessCheck;
import io.skein.platform.readiness.Secrets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** A key that can be guessed opens every webhook's secret to who reads the database. */
@ApplicationScoped
class WebhookKeyCheck implements ReadinessCheck {

    @Inject
    WebhookConfig config;

    @Override
    public List<Finding> findings() {
        return findings(config.keySecret().orElse(""));
    }

    /** Without a key there are no webhooks: nothing to guess. */
    static List<Finding> findings(String key) {
        return key.isBlank()
                ? List.of()
                : Secrets.weakness(key.strip()).stream()
                        .map(weakness ->
                                new Finding(UnsafeSetting.WEBHOOK_KEY_SECRET, "SKEIN_RUNTIME_KEY_SECRET " + weakness))
                        .toList();
    }
}
