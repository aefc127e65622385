package io.skein.platform.tls;

import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestCertificates;
import io.skein.test.TlsRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The test servers, each behind a TLS listener with a certificate of a CA that only {@code SKEIN_TLS_TRUST} names. */
public class TlsInfrastructure extends SkeinInfrastructure {

    static final String BROKER = "skein.test.tls.broker";
    static final String FRONT_DOOR = "skein.test.tls.front-door";
    static final String POSTGRES = "skein.test.tls.postgres";

    private TlsRelay broker;
    private TlsRelay frontDoor;
    private TlsRelay postgres;

    /** How many clients one of them had. The tests and this class live in different class loaders; the properties are shared. */
    static int handshakes(String name) {
        return Integer.getInteger(name, 0);
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>(super.start());
        try {
            Path folder = Files.createTempDirectory("skein-tls");
            TestCertificates certificates = TestCertificates.in(folder);
            TestCertificates.Leaf leaf = certificates.leaf("dns:localhost");
            URI rabbit = URI.create(config.get("SKEIN_RABBITMQ_URI"));
            broker = TlsRelay.to(rabbit.getHost(), rabbit.getPort(), leaf);
            config.put(
                    "SKEIN_RABBITMQ_URI",
                    "amqps://" + rabbit.getRawUserInfo() + "@localhost:" + broker.port() + rabbit.getRawPath());
            URI door = URI.create(config.get("SKEIN_FRONTDOOR_URL"));
            frontDoor = TlsRelay.to(door.getHost(), door.getPort(), leaf);
            config.put("SKEIN_FRONTDOOR_URL", "https://localhost:" + frontDoor.port());
            URI database = URI.create(config.get("SKEIN_POSTGRES_URL").substring("jdbc:".length()));
            postgres = TlsRelay.toPostgres(database.getHost(), database.getPort(), leaf);
            config.put(
                    "SKEIN_POSTGRES_URL",
                    "jdbc:postgresql://localhost:" + postgres.port() + database.getPath() + "?sslmode=verify-full");
            broker.countingIn(BROKER);
            frontDoor.countingIn(FRONT_DOOR);
            postgres.countingIn(POSTGRES);
            config.put("SKEIN_TLS_TRUST", certificates.authority().toString());
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            for (TlsRelay relay : new TlsRelay[] {broker, frontDoor, postgres}) {
                if (relay != null) {
                    relay.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            super.stop();
        }
    }
}
