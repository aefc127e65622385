package io.skein.frontdoor.tokens;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.ReadinessCheck;
import io.skein.platform.readiness.Secrets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Secrets that can be guessed, and tokens that live too long. */
@ApplicationScoped
class TokenCheck implements ReadinessCheck {

    private static final Duration LONGEST = Duration.ofMinutes(30);

    @Inject
    TokenConfig config;

    @Override
    public List<Finding> findings() {
        return findings(config.keySecret().orElse(""), config.serviceSecrets().orElse(""), config.lifetime());
    }

    static List<Finding> findings(String keySecret, String serviceSecrets, Duration lifetime) {
        List<Finding> findings = new ArrayList<>();
        // An empty one stops the start by itself.
        if (!keySecret.isBlank()) {
            Secrets.weakness(keySecret.strip())
                    .ifPresent(weakness -> findings.add(
                            new Finding(UnsafeSetting.KEY_SECRET, "SKEIN_FRONTDOOR_KEY_SECRET " + weakness)));
        }
        ServiceSecrets.pairs(serviceSecrets).forEach((service, secret) -> Secrets.weakness(secret)
                .ifPresent(weakness -> findings.add(new Finding(
                        UnsafeSetting.SERVICE_SECRET,
                        "SKEIN_FRONTDOOR_SERVICE_SECRETS: that of " + service + " " + weakness))));
        if (lifetime.compareTo(LONGEST) > 0) {
            findings.add(new Finding(
                    UnsafeSetting.TOKEN_LIFETIME,
                    "SKEIN_FRONTDOOR_TOKEN_LIFETIME is " + lifetime.toMinutes() + " min"));
        }
        return findings;
    }
}
