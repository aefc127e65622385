package io.skein.platform.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jboss.logging.Logger;

/**
 * Believes the CAs in a PEM file, and no other. Looked at with each handshake: a CA that was added counts from the next connection,
 * one that was removed does too. A file that cannot be read leaves the last good one in force.
 */
final class PemTrust extends X509ExtendedTrustManager {

    private static final Logger LOG = Logger.getLogger(PemTrust.class);

    private final Path file;
    private volatile Loaded loaded;

    private record Loaded(Object version, X509ExtendedTrustManager manager) {}

    /**
     * @throws IllegalArgumentException when there is no certificate in the file to begin with
     */
    PemTrust(Path file) {
        this.file = file;
        try {
            this.loaded = load();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "SKEIN_TLS_TRUST: no certificates in " + file + ": " + e.getMessage(), e);
        }
    }

    private X509ExtendedTrustManager current() {
        Loaded known = loaded;
        try {
            if (!version().equals(known.version())) {
                known = load();
                loaded = known;
                LOG.infof("certificates to believe read again from %s", file);
            }
        } catch (IOException | GeneralSecurityException e) {
            LOG.warnf("certificates to believe not read again from %s, the known ones count: %s", file, e.getMessage());
        }
        return known.manager();
    }

    private Object version() throws IOException {
        return Files.getLastModifiedTime(file) + " " + Files.size(file);
    }

    private Loaded load() throws IOException, GeneralSecurityException {
        Object version = version();
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (certificates.isEmpty()) {
                throw new CertificateException("it holds none");
            }
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager x509) {
                return new Loaded(version, x509);
            }
        }
        throw new CertificateException("this JVM has no X.509 trust manager");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        current().checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        current().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        current().checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        current().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        current().checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        current().checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return current().getAcceptedIssuers();
    }
}
