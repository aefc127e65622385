package io.skein.platform.tls;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Translates {@code SKEIN_TLS_*} into what Quarkus, the JDBC driver and the token library each call it. Written out in
 * application.properties they would be there, empty, without TLS too, and an empty path is an error.
 */
public final class TlsConfigSource implements ConfigSourceFactory {

    /** Above application.properties, whose port it may change, and below the environment. */
    private static final int ORDINAL = 275;

    private static final String SERVER = "server";
    private static final String FLEET = "fleet";

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        Map<String, String> properties = new HashMap<>();
        Optional<String> certificate = value(context, "SKEIN_TLS_CERTIFICATE");
        Optional<String> key = value(context, "SKEIN_TLS_KEY");
        Optional<String> trust = value(context, "SKEIN_TLS_TRUST");
        String reload = value(context, "SKEIN_TLS_RELOAD").orElse("1m");
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("SKEIN_TLS_CERTIFICATE and SKEIN_TLS_KEY go together; only one is set.");
        }
        certificate.ifPresent(file -> {
            properties.put("skein.tls.certificate", file);
            properties.put("skein.tls.key", key.get());
            server(properties, file, key.get(), reload);
            Optional<String> redirect = value(context, "SKEIN_TLS_REDIRECT_PORT");
            properties.put("quarkus.http.insecure-requests", redirect.isPresent() ? "redirect" : "disabled");
            value(context, "quarkus.http.port").ifPresent(port -> properties.put("quarkus.http.ssl-port", port));
            redirect.ifPresent(port -> {
                properties.put("skein.tls.redirect-port", port);
                properties.put("quarkus.http.port", port);
            });
        });
        fleet(properties, trust, reload);
        value(context, "quarkus.redis.hosts")
                // What Quarkus does when the fleet's own way is not named below is not to look at the name at all.
                .ifPresent(hosts -> properties.put("quarkus.redis.tls.hostname-verification-algorithm", "HTTPS"));
        if (value(context, "quarkus.redis.hosts").orElse("").startsWith("rediss:")) {
            properties.put("quarkus.redis.tls-configuration-name", FLEET);
        }
        properties.put("skein.tls.reload", reload);
        return List.of(new PropertiesConfigSource(properties, "SKEIN_TLS_*", ORDINAL));
    }

    private static void server(Map<String, String> properties, String certificate, String key, String reload) {
        properties.put("quarkus.tls." + SERVER + ".key-store.pem.0.cert", certificate);
        properties.put("quarkus.tls." + SERVER + ".key-store.pem.0.key", key);
        properties.put("quarkus.tls." + SERVER + ".reload-period", reload);
        properties.put("quarkus.http.tls-configuration-name", SERVER);
    }

    /** How the fleet's own clients check; also without a CA of one's own, because not all of them check host names unasked. */
    private static void fleet(Map<String, String> properties, Optional<String> trust, String reload) {
        properties.put("quarkus.tls." + FLEET + ".hostname-verification-algorithm", "HTTPS");
        properties.put("quarkus.rest-client.tls-configuration-name", FLEET);
        trust.ifPresent(file -> {
            properties.put("skein.tls.trust", file);
            properties.put("quarkus.tls." + FLEET + ".trust-store.pem.certs", file);
            properties.put("quarkus.tls." + FLEET + ".reload-period", reload);
            properties.put("smallrye.jwt.client.tls.certificate.path", file);
            properties.put("quarkus.datasource.jdbc.additional-jdbc-properties.sslrootcert", file);
        });
    }

    private static Optional<String> value(ConfigSourceContext context, String name) {
        ConfigValue value = context.getValue(name);
        return Optional.ofNullable(value == null ? null : value.getValue())
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }
}
