package io.skein.platform.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.skein.platform.tls.FleetTls;
import io.skein.test.InfrastructureFile;
import io.skein.test.TestCertificates;
import io.skein.test.TlsRelay;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SEC-01: AMQPS to the real RabbitMQ behind a TLS listener; a wrong CA and a wrong host name are refused. */
class BrokerTlsTest {

    @TempDir
    static Path folder;

    private static final URI BROKER = URI.create(InfrastructureFile.load().getProperty("rabbitmq.uri"));
    private static TestCertificates ours;
    private static TestCertificates theirs;

    private TlsRelay relay;

    /** How a client comes to its factory: ours, or the planted one. */
    private interface Factories {
        ConnectionFactory of(String uri) throws Exception;
    }

    @BeforeAll
    static void makeAuthorities() throws IOException {
        ours = TestCertificates.in(folder.resolve("ours"));
        theirs = TestCertificates.in(folder.resolve("theirs"));
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
    }

    @Test
    void theRightCertificateOpensAConnection() throws Exception {
        assertTrue(opens(trusting(ours.authority()), ours.leaf("dns:localhost")));
        assertEquals(1, relay.handshakes());
    }

    @Test
    void anotherAuthorityIsRefused() {
        assertThrows(
                SSLHandshakeException.class, () -> opens(trusting(ours.authority()), theirs.leaf("dns:localhost")));
        assertEquals(0, relay.handshakes());
    }

    @Test
    void anotherHostNameIsRefused() {
        // Of our own CA: whoever has any certificate of it could otherwise stand in for the broker.
        assertThrows(SSLException.class, () -> opens(trusting(ours.authority()), ours.leaf("dns:elsewhere.example")));
        assertEquals(0, relay.handshakes());
    }

    @Test
    void anAuthorityAddedToTheFileCountsFromTheNextConnection() throws Exception {
        Path trusted = folder.resolve("growing.pem");
        Files.copy(ours.authority(), trusted);
        Factories factories = trusting(trusted);
        TestCertificates.Leaf leaf = theirs.leaf("dns:localhost");
        assertThrows(SSLHandshakeException.class, () -> opens(factories, leaf));
        relay.close();
        Files.writeString(trusted, Files.readString(theirs.authority()), StandardOpenOption.APPEND);
        assertTrue(opens(factories, leaf));
    }

    /** Planted: the client library's own amqps takes any certificate for any host, and these tests see it. */
    @Test
    void theLibrarysDefaultWouldFailTheseTests() throws Exception {
        Factories planted = uri -> {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(uri);
            return factory;
        };
        assertTrue(opens(planted, theirs.leaf("dns:localhost")));
        relay.close();
        assertTrue(opens(planted, ours.leaf("dns:elsewhere.example")));
    }

    private static Factories trusting(Path authority) {
        FleetTls tls = FleetTls.trusting(authority);
        return uri -> Broker.factory(uri, tls.context());
    }

    private boolean opens(Factories factories, TestCertificates.Leaf certificate) throws Exception {
        relay = TlsRelay.to(BROKER.getHost(), BROKER.getPort(), certificate);
        String uri = "amqps://" + BROKER.getRawUserInfo() + "@localhost:" + relay.port() + BROKER.getRawPath();
        try (Connection connection = factories.of(uri).newConnection()) {
            return connection.isOpen();
        }
    }
}
