package io.skein.platform.http;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.ServiceConfig;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/** What this service serves and calls in the clear. */
@ApplicationScoped
class HttpCheck implements ReadinessCheck {

    private static final Pattern CLIENT_URL =
            Pattern.compile("(quarkus\\.rest-client\\..+|skein\\.lock-client)\\.(url|uri)");
    private static final Pattern TRUST_ALL = Pattern.compile("quarkus\\..*trust-all");
    private static final Pattern VERIFY_HOST =
            Pattern.compile("quarkus\\..*(hostname-verification-algorithm|verify-host)");

    @Inject
    Config config;

    @Inject
    ServiceConfig service;

    @Override
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        listening(
                        service.frontDoor(),
                        value("quarkus.http.host"),
                        !value("quarkus.http.tls-configuration-name").isEmpty()
                                && !value("quarkus.http.insecure-requests").equalsIgnoreCase("enabled"),
                        Boolean.parseBoolean(value("quarkus.http.proxy.proxy-address-forwarding")))
                .ifPresent(findings::add);
        TreeMap<String, String> calls = new TreeMap<>();
        for (String name : config.getPropertyNames()) {
            if (CLIENT_URL.matcher(name).matches()) {
                Hosts.away("http", value(name)).ifPresent(host -> calls.put(name, host));
            } else if (TRUST_ALL.matcher(name).matches() && value(name).equalsIgnoreCase("true")
                    || VERIFY_HOST.matcher(name).matches() && value(name).matches("(?i)none|false")) {
                findings.add(new Finding(UnsafeSetting.TLS_TRUST_ALL, name));
            }
        }
        if (!calls.isEmpty()) {
            findings.add(new Finding(
                    UnsafeSetting.UPSTREAM_PLAIN_HTTP, "addresses on " + String.join(", ", calls.values())));
        }
        if (Boolean.parseBoolean(value("quarkus.http.cors.enabled"))
                && value("quarkus.http.cors.origins").matches("|\\*|/\\.\\*/")) {
            findings.add(new Finding(UnsafeSetting.CORS_ANY_ORIGIN, "quarkus.http.cors.origins"));
        }
        return findings;
    }

    static Optional<Finding> listening(boolean frontDoor, String host, boolean tls, boolean behindProxy) {
        if (Hosts.isLoopback(host) || tls || frontDoor && behindProxy) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                frontDoor ? UnsafeSetting.FRONTDOOR_PLAIN_HTTP : UnsafeSetting.SERVICE_PLAIN_HTTP,
                "SKEIN_HTTP_HOST is " + host));
    }

    private String value(String name) {
        return config.getOptionalValue(name, String.class).orElse("");
    }
}
