package io.skein.platform.tls;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom this service believes when it connects to a part of the fleet: the CAs of {@code SKEIN_TLS_TRUST}, else the machine's. */
@ApplicationScoped
public class FleetTls {

    private final Optional<X509ExtendedTrustManager> trust;
    private final SSLContext context;

    @Inject
    public FleetTls(TlsConfig config) {
        this(config.trust());
    }

    private FleetTls(Optional<Path> file) {
        this.trust = file.map(PemTrust::new);
        this.context = trust.map(FleetTls::contextWith).orElseGet(FleetTls::machines);
    }

    /** Outside a container. */
    public static FleetTls trusting(Path file) {
        return new FleetTls(Optional.of(file));
    }

    /** For whoever opens a connection. Host names are for the client to check: HTTP clients do, others have to be told. */
    public SSLContext context() {
        return context;
    }

    /** For clients that take no context; empty when the machine's CAs count. */
    public Optional<X509ExtendedTrustManager> trustManager() {
        return trust;
    }

    private static SSLContext contextWith(X509ExtendedTrustManager manager) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not available", e);
        }
    }

    private static SSLContext machines() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not available", e);
        }
    }
}
