package io.skein.frontdoor.proxy;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Services on other machines are called over TLS. */
@ApplicationScoped
class UpstreamCheck implements ReadinessCheck {

    @Inject
    UpstreamConfig config;

    @Override
    public List<Finding> findings() {
        String hosts = Arrays.stream(Service.values())
                .flatMap(service -> Hosts.away("http", service.url(config).toString()).stream())
                .distinct()
                .collect(Collectors.joining(", "));
        return hosts.isEmpty()
                ? List.of()
                : List.of(new Finding(UnsafeSetting.UPSTREAM_PLAIN_HTTP, "addresses on " + hosts));
    }
}
