package io.skein.orchestrator.llm;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What people ask for, and the key that pays for it, should not be readable on the way to a model. */
@ApplicationScoped
class LlmCheck implements ReadinessCheck {

    @Inject
    Providers providers;

    @Override
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (ConfiguredProvider configured : providers.all()) {
            Provider provider = configured.provider();
            providers
                    .settings(provider)
                    .url()
                    .flatMap(url -> Hosts.away("http", url.strip()))
                    .ifPresent(host -> findings.add(new Finding(
                            UnsafeSetting.MODEL_PLAIN_HTTP,
                            "SKEIN_LLM_" + provider.wire().toUpperCase(Locale.ROOT) + "_URL leads to " + host)));
        }
        return findings;
    }
}
