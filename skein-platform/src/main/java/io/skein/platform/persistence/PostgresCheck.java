package io.skein.platform.persistence;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import io.skein.platform.readiness.Secrets;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** PostgreSQL on another machine needs TLS that is checked, and a password of its own. */
@ApplicationScoped
class PostgresCheck implements ReadinessCheck {

    private static final String SCHEME = "jdbc:postgresql:";

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    @ConfigProperty(name = "quarkus.datasource.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.password")
    Optional<String> password;

    @Override
    public List<Finding> findings() {
        return findings(url, user, password.orElse(""));
    }

    static List<Finding> findings(String url, String user, String password) {
        List<Finding> findings = new ArrayList<>();
        Optional<String> host = away(url);
        if (host.isPresent()) {
            Map<String, String> parameters = parameters(url);
            String mode = sslMode(parameters);
            String where = "SKEIN_POSTGRES_URL leads to " + host.get() + " with sslmode " + mode;
            switch (mode) {
                case "verify-full" -> {
                    if (parameters.getOrDefault("sslfactory", "").endsWith("NonValidatingFactory")) {
                        findings.add(new Finding(UnsafeSetting.POSTGRES_UNVERIFIED, where));
                    }
                }
                // verify-ca takes any certificate of that CA, another machine's too.
                case "require", "verify-ca" -> findings.add(new Finding(UnsafeSetting.POSTGRES_UNVERIFIED, where));
                default -> findings.add(new Finding(UnsafeSetting.POSTGRES_PLAIN, where));
            }
            // None at all may be right: the server may know the role by its certificate.
            if (!password.isEmpty() && Secrets.isFirstGuess(user, password)) {
                findings.add(new Finding(UnsafeSetting.POSTGRES_PASSWORD, "SKEIN_POSTGRES_PASSWORD of " + user));
            }
        }
        return findings;
    }

    /** The first host that is on another machine; the driver takes several, and none for this machine. */
    private static Optional<String> away(String url) {
        if (!url.startsWith(SCHEME)) {
            return Optional.of("an address that is not " + SCHEME + "//");
        }
        String rest = url.substring(SCHEME.length());
        if (!rest.startsWith("//")) {
            return Optional.empty();
        }
        String hosts = rest.substring(2).split("[/?]", 2)[0];
        return Stream.of(hosts.split(",", -1))
                .filter(host -> !host.isEmpty())
                .flatMap(host -> Hosts.away("postgresql://" + host).stream())
                .findFirst();
    }

    private static Map<String, String> parameters(String url) {
        Map<String, String> parameters = new TreeMap<>();
        int question = url.indexOf('?');
        if (question >= 0) {
            for (String pair : url.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                parameters.put(
                        equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return parameters;
    }

    /** As the driver reads it: {@code ssl=true} alone checks everything. */
    private static String sslMode(Map<String, String> parameters) {
        String ssl = parameters.get("ssl");
        String fallback = ssl != null && (ssl.isEmpty() || ssl.equals("true")) ? "verify-full" : "prefer";
        return parameters.getOrDefault("sslmode", fallback).toLowerCase(Locale.ROOT);
    }
}
