package io.skein.platform.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.skein.platform.ServiceConfig;
import io.skein.platform.tls.FleetTls;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The connection to RabbitMQ. Opened at first use, looks whether the topology is there, and recovers by itself (consumers included) when
 * the broker restarts; callers see an {@link IOException} or a closed channel meanwhile and try again.
 */
@ApplicationScoped
class Broker {

    private static final Logger LOG = Logger.getLogger(Broker.class);
    private static final int CONNECT_TIMEOUT_MILLIS = 3000;
    private static final int RECOVERY_MILLIS = 1000;
    private static final int HEARTBEAT_SECONDS = 10;

    @ConfigProperty(name = "skein.rabbitmq.uri")
    String uri;

    @Inject
    ServiceConfig service;

    @Inject
    BrokerUser user;

    @Inject
    Self self;

    @Inject
    MessagingConfig messaging;

    @Inject
    FleetTls tls;

    private Connection connection;
    private boolean closed;

    /** A new channel. The caller owns and closes it. */
    synchronized Channel channel() throws IOException {
        if (closed) {
            throw new IOException("shutting down");
        }
        if (connection == null) {
            connection = connect();
        }
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel left on this connection");
        }
        return channel;
    }

    /** What every message sent over this connection must carry as its {@code user-id}; RabbitMQ refuses any other. */
    String user() {
        return user.name();
    }

    synchronized boolean isOpen() {
        return connection != null && connection.isOpen();
    }

    private Connection connect() throws IOException {
        try {
            ConnectionFactory factory = factory(uri, tls.context());
            factory.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
            factory.setNetworkRecoveryInterval(RECOVERY_MILLIS);
            factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
            factory.setSharedExecutor(Executors.newVirtualThreadPerTaskExecutor());
            Connection opened = factory.newConnection(service.name());
            try {
                Topology.ensure(
                        opened,
                        self.identity(),
                        user.name(),
                        messaging.senderCheck() == MessagingConfig.SenderChecking.OFF);
            } catch (IOException | RuntimeException e) {
                opened.abort();
                throw e;
            }
            opened.addShutdownListener(cause -> {
                if (!cause.isInitiatedByApplication()) {
                    LOG.warnf("RabbitMQ connection lost (%s); reconnecting every second", cause.getMessage());
                }
            });
            LOG.infof("connected to RabbitMQ at %s:%d", factory.getHost(), factory.getPort());
            return opened;
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IOException("SKEIN_RABBITMQ_URI is not a usable amqp:// or amqps:// address", e);
        } catch (TimeoutException e) {
            throw new IOException("RabbitMQ did not answer in time", e);
        }
    }

    /** The client's own idea of amqps is to believe everybody: here the certificate and the host name count. */
    static ConnectionFactory factory(String uri, SSLContext tls) throws URISyntaxException, GeneralSecurityException {
        ConnectionFactory factory = new ConnectionFactory();
        URI address = new URI(uri);
        factory.setUri(address);
        if ("amqps".equalsIgnoreCase(address.getScheme())) {
            factory.useSslProtocol(tls);
            factory.enableHostnameVerification();
        }
        return factory;
    }

    @PreDestroy
    synchronized void close() {
        closed = true;
        if (connection != null) {
            connection.abort(2000);
        }
    }
}
