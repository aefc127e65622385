package io.skein.desktop.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.test.InfrastructureFile;
import io.skein.test.TestCertificates;
import io.skein.test.TlsRelay;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** K8S-03: the agent reports over AMQPS to the broker it can tell from others. */
class BrokerTlsTest {

    @TempDir
    static Path folder;

    private static final URI BROKER = URI.create(InfrastructureFile.load().getProperty("rabbitmq.uri"));
    private static TestCertificates ours;
    private static TestCertificates theirs;

    @BeforeAll
    static void makeAuthorities() throws IOException {
        ours = TestCertificates.in(folder.resolve("ours"));
        theirs = TestCertificates.in(folder.resolve("theirs"));
    }

    @Test
    void theRightCertificateOpensAConnection() throws Exception {
        assertTrue(opens(ours.leaf("dns:localhost"), Optional.of(ours.authority())));
    }

    @Test
    void aWrongAuthorityAWrongNameAndAnUnknownOneAreRefused() throws Exception {
        assertFalse(opens(theirs.leaf("dns:localhost"), Optional.of(ours.authority())));
        assertFalse(opens(ours.leaf("dns:elsewhere.example"), Optional.of(ours.authority())));
        assertFalse(opens(ours.leaf("dns:localhost"), Optional.empty()));
    }

    private static boolean opens(TestCertificates.Leaf certificate, Optional<Path> trust) throws Exception {
        try (TlsRelay relay = TlsRelay.to(BROKER.getHost(), BROKER.getPort(), certificate)) {
            String uri = "amqps://" + BROKER.getRawUserInfo() + "@localhost:" + relay.port() + BROKER.getRawPath();
            try (Broker.Link link = Broker.at(uri, "test", trust).connect()) {
                assertEquals(1, relay.handshakes());
                return link != null;
            } catch (SSLException e) {
                assertEquals(0, relay.handshakes());
                return false;
            }
        }
    }
}
