package io.skein.infra.catalogue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the repository has been read. */
@Readiness
@ApplicationScoped
class CatalogueReadiness implements HealthCheck {

    @Inject
    Catalogue catalogue;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("catalogue").status(catalogue.ready()).build();
    }
}
