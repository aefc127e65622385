package io.skein.runtime.model;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** What a task is about, and the key that pays for it, should not be readable on the way to the model. */
@ApplicationScoped
class ModelCheck implements ReadinessCheck {

    @Inject
    ModelConfig config;

    @Override
    public List<Finding> findings() {
        return findings(config);
    }

    static List<Finding> findings(ModelConfig config) {
        return config.provider()
                .filter(provider -> !provider.isBlank())
                .flatMap(provider -> config.url())
                .flatMap(url -> Hosts.away("http", url.strip()))
                .map(host -> List.of(
                        new Finding(UnsafeSetting.MODEL_PLAIN_HTTP, "SKEIN_RUNTIME_MODEL_URL leads to " + host)))
                .orElse(List.of());
    }
}
