package io.skein.platform.readiness;

import io.skein.contracts.readiness.UnsafeSetting;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Names in the health of a service what it runs with although it is unsafe. Ready all the same: somebody accepted it. */
@Readiness
@ApplicationScoped
class SafeSettings implements HealthCheck {

    @Inject
    ProductionReadiness readiness;

    @Override
    public HealthCheckResponse call() {
        List<UnsafeSetting> accepted = readiness.accepted();
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("Safe settings").up();
        if (!accepted.isEmpty()) {
            answer.withData(
                    "acceptedUnsafe", accepted.stream().map(UnsafeSetting::id).collect(Collectors.joining(",")));
        }
        return answer.build();
    }
}
