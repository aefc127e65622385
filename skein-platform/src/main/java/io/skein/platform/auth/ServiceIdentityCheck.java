package io.skein.platform.auth;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.ServiceConfig;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import io.skein.platform.readiness.Secrets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What this service proves itself with, and where it gets the keys that it checks others with. */
@ApplicationScoped
class ServiceIdentityCheck implements ReadinessCheck {

    @Inject
    ServiceConfig config;

    @ConfigProperty(name = "mp.jwt.verify.publickey.location")
    String keys;

    @Override
    public List<Finding> findings() {
        // The front door has the keys itself.
        return config.frontDoor() ? List.of() : findings(config.secret(), List.of(config.frontdoorUrl(), keys));
    }

    static List<Finding> findings(Optional<String> secret, List<String> urls) {
        List<Finding> findings = new ArrayList<>();
        secret.flatMap(Secrets::weakness)
                .ifPresent(weakness ->
                        findings.add(new Finding(UnsafeSetting.SERVICE_SECRET, "SKEIN_SERVICE_SECRET " + weakness)));
        urls.stream()
                .flatMap(url -> Hosts.away("http", url).stream())
                .findFirst()
                .ifPresent(host -> findings.add(
                        new Finding(UnsafeSetting.FRONTDOOR_URL_PLAIN_HTTP, "SKEIN_FRONTDOOR_URL leads to " + host)));
        return findings;
    }
}
