package io.skein.infra.match;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the model is loaded: the first request should not pay for it. */
@Readiness
@ApplicationScoped
class MatchReadiness implements HealthCheck {

    @Inject
    MatchService service;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("match").status(service.warm()).build();
    }
}
