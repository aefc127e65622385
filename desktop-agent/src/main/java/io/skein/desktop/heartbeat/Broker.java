package io.skein.desktop.heartbeat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.skein.contracts.Ids;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Where heartbeats go. Connections are plain: when one breaks it is thrown away and the publisher opens the next. */
public final class Broker {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int AMQP_HEARTBEAT_SECONDS = 20;
    private static final long CONFIRM_TIMEOUT_MILLIS = 10_000;

    private final ConnectionFactory factory;
    private final String clientName;
    private final Optional<Path> trust;

    private Broker(ConnectionFactory factory, String clientName, Optional<Path> trust) {
        this.factory = factory;
        this.clientName = clientName;
        this.trust = trust;
    }

    /**
     * @throws IllegalArgumentException when the URI is not an AMQP one; the message does not repeat it, it holds a password
     */
    public static Broker at(String uri, String clientName) {
        return at(uri, clientName, Optional.empty());
    }

    /**
     * @param trust PEM file with the CAs to believe instead of the machine's; read again for each connection
     * @throws IllegalArgumentException when the URI is not an AMQP one; the message does not repeat it, it holds a password
     */
    public static Broker at(String uri, String clientName, Optional<Path> trust) {
        ConnectionFactory factory = new ConnectionFactory();
        boolean tls = false;
        try {
            URI parsed = new URI(uri);
            factory.setUri(parsed);
            if ("amqps".equalsIgnoreCase(parsed.getScheme())) {
                // The client's own default for amqps trusts everybody.
                factory.useSslProtocol(SSLContext.getDefault());
                factory.enableHostnameVerification();
                tls = true;
            }
        } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "SKEIN_RABBITMQ_URI is not amqp://user:password@host:port/vhost or amqps://…");
        }
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        factory.setHandshakeTimeout(CONNECT_TIMEOUT_MILLIS);
        factory.setRequestedHeartbeat(AMQP_HEARTBEAT_SECONDS);
        return new Broker(factory, clientName, tls ? trust : Optional.empty());
    }

    /** Host, port and virtual host, fit for a log. */
    public String address() {
        return factory.getHost() + ":" + factory.getPort() + " (" + factory.getVirtualHost() + ")";
    }

    /** The user of every connection, and so of every message. */
    public String user() {
        return factory.getUsername();
    }

    /** The machine that user stands for, if it is one's. */
    public Optional<BrokerIdentity.Node> node() {
        return BrokerIdentity.parse(user())
                .filter(BrokerIdentity.Node.class::isInstance)
                .map(BrokerIdentity.Node.class::cast);
    }

    Link connect() throws IOException, TimeoutException {
        if (trust.isPresent()) {
            factory.useSslProtocol(believing(trust.get()));
        }
        Connection connection = factory.newConnection(clientName);
        try {
            declareExchange(connection);
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            return new Link(connection, channel, user());
        } catch (IOException | RuntimeException e) {
            connection.abort(CONNECT_TIMEOUT_MILLIS);
            throw e;
        }
    }

    private static SSLContext believing(Path file) throws IOException {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("SKEIN_TLS_TRUST: no certificates in " + file + ": " + e.getMessage(), e);
        }
    }

    /** Looks first: an agent's credentials need no right to configure anything once the fleet has been up. */
    private static void declareExchange(Connection connection) throws IOException {
        Channel looking = connection.createChannel();
        try {
            looking.exchangeDeclarePassive(Exchange.HEARTBEATS.wire());
            looking.abort();
        } catch (IOException e) {
            boolean missing = e.getCause() instanceof ShutdownSignalException signal
                    && signal.getReason() instanceof AMQP.Channel.Close close
                    && close.getReplyCode() == AMQP.NOT_FOUND;
            if (!missing) {
                throw e;
            }
            Channel declaring = connection.createChannel();
            try {
                declaring.exchangeDeclare(Exchange.HEARTBEATS.wire(), BuiltinExchangeType.TOPIC, true);
            } catch (IOException refused) {
                throw new IOException(
                        "the broker has no exchange " + Exchange.HEARTBEATS.wire()
                                + " and this user may not make it; its administrator imports broker-definitions.json",
                        refused);
            }
            declaring.abort();
        }
    }

    /** One connection, used by one thread. */
    static final class Link implements AutoCloseable {

        private final Connection connection;
        private final Channel channel;
        private final String user;

        private Link(Connection connection, Channel channel, String user) {
            this.connection = connection;
            this.channel = channel;
            this.user = user;
        }

        /** Returns when the broker has it. */
        void publish(NodeHeartbeat heartbeat) throws IOException, TimeoutException, InterruptedException {
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .messageId(Ids.next().toString())
                    .userId(user)
                    .contentType("application/json")
                    .deliveryMode(1)
                    .build();
            channel.basicPublish(
                    Exchange.HEARTBEATS.wire(), "node." + heartbeat.node(), properties, WireFormat.write(heartbeat));
            if (!channel.waitForConfirms(CONFIRM_TIMEOUT_MILLIS)) {
                throw new IOException("the broker refused the heartbeat");
            }
        }

        @Override
        public void close() {
            connection.abort(CONNECT_TIMEOUT_MILLIS);
        }
    }
}
