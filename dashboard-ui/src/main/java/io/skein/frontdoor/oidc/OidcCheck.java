package io.skein.frontdoor.oidc;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Who says who people are is asked over TLS. */
@ApplicationScoped
class OidcCheck implements ReadinessCheck {

    @Inject
    OidcConfig config;

    @Override
    public List<Finding> findings() {
        return config.issuer()
                .flatMap(issuer -> Hosts.away("http", issuer.strip()))
                .map(host -> List.of(new Finding(UnsafeSetting.OIDC_PLAIN_HTTP, "SKEIN_OIDC_ISSUER leads to " + host)))
                .orElse(List.of());
    }
}
