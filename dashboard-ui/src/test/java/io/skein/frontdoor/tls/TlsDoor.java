package io.skein.frontdoor.tls;

import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestCertificates;
import io.skein.test.TlsRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A front door with TLS, a plain port that redirects, a Redis with TLS, and one service with TLS behind it. */
public class TlsDoor extends SkeinInfrastructure {

    static final int RELOAD_SECONDS = 30;

    /** The tests and this class live in different class loaders; the properties are shared. */
    static final String FOLDER = "skein.test.tls.folder";

    static final String REDIRECT_PORT = "skein.test.tls.redirect-port";
    static final String REDIS = "skein.test.tls.redis";
    static final String LOCKS = "skein.test.tls.locks";

    private TlsRelay redis;
    private TlsRelay locks;

    /** How many clients one of them had. */
    static int handshakes(String name) {
        return Integer.getInteger(name, 0);
    }

    private final StandIns standIns = new StandIns();

    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>(super.start());
        config.putAll(standIns.start());
        try {
            Path folder = Files.createTempDirectory("skein-tls");
            TestCertificates authority = TestCertificates.in(folder);
            TestCertificates.Leaf served = authority.leaf("dns:localhost", "ip:127.0.0.1");
            URI plainRedis = URI.create(config.get("SKEIN_REDIS_URL"));
            redis = TlsRelay.to(plainRedis.getHost(), plainRedis.getPort(), served);
            config.put(
                    "SKEIN_REDIS_URL",
                    "rediss://" + plainRedis.getRawUserInfo() + "@localhost:" + redis.port() + plainRedis.getPath());
            URI plainLocks = URI.create(config.get("SKEIN_LOCK_URL"));
            locks = TlsRelay.to(plainLocks.getHost(), plainLocks.getPort(), served);
            config.put("SKEIN_LOCK_URL", "https://localhost:" + locks.port());
            try (ServerSocket free = new ServerSocket(0)) {
                int redirectPort = free.getLocalPort();
                config.put("quarkus.http.test-port", String.valueOf(redirectPort));
                config.put("SKEIN_TLS_REDIRECT_PORT", String.valueOf(redirectPort));
                System.setProperty(REDIRECT_PORT, String.valueOf(redirectPort));
            }
            System.setProperty(FOLDER, folder.toString());
            redis.countingIn(REDIS);
            locks.countingIn(LOCKS);
            config.put("SKEIN_TLS_CERTIFICATE", served.certificate().toString());
            config.put("SKEIN_TLS_KEY", served.key().toString());
            config.put("SKEIN_TLS_TRUST", authority.authority().toString());
            config.put("SKEIN_TLS_RELOAD", RELOAD_SECONDS + "s");
            config.put("quarkus.http.test-ssl-port", "0");
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            redis.close();
            locks.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            standIns.stop();
            super.stop();
        }
    }
}
