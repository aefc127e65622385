package io.skein.platform.tls;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** TLS of this service; {@link TlsConfigSource} translates it for Quarkus. Files are PEM and are read again when they change. */
@ConfigMapping(prefix = "skein.tls")
public interface TlsConfig {

    /** Certificate to serve HTTPS with, with its chain. Environment: {@code SKEIN_TLS_CERTIFICATE}. */
    Optional<Path> certificate();

    /** Its private key, PKCS#8. Environment: {@code SKEIN_TLS_KEY}. */
    Optional<Path> key();

    /**
     * The CAs to believe inside the fleet instead of the machine's own: services, JWKS, RabbitMQ, PostgreSQL, Redis. Environment:
     * {@code SKEIN_TLS_TRUST}.
     */
    Optional<Path> trust();

    /** How often the files are looked at, 30 s or more. Environment: {@code SKEIN_TLS_RELOAD}. */
    @WithDefault("1m")
    Duration reload();

    /** A plain port that only redirects to HTTPS; without one nothing is served in the clear. Environment: {@code SKEIN_TLS_REDIRECT_PORT}. */
    OptionalInt redirectPort();
}
