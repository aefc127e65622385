package io.skein.platform.messaging;

import com.rabbitmq.client.ConnectionFactory;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.topology.BrokerIdentity;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The user in {@code SKEIN_RABBITMQ_URI}: the broker vouches for it, so it is who this process is to everybody else. */
@ApplicationScoped
public class BrokerUser {

    @ConfigProperty(name = "skein.rabbitmq.uri")
    String uri;

    @Inject
    MessagingConfig messaging;

    @Inject
    Self self;

    private String name;

    /** What the broker knows this process as. */
    public synchronized String name() {
        if (name == null) {
            try {
                ConnectionFactory factory = new ConnectionFactory();
                factory.setUri(new URI(uri));
                name = factory.getUsername();
            } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
                // Neither the address nor what the parser says of it is repeated: it holds the password.
                throw new IllegalStateException(
                        "SKEIN_RABBITMQ_URI is not amqp://user:password@host:port/vhost or amqps://…");
            }
        }
        return name;
    }

    /** Who that is; empty for a user that is nobody's in particular. */
    public Optional<BrokerIdentity> identity() {
        return BrokerIdentity.parse(name());
    }

    /** A process that nobody would believe says so at once, instead of having each of its messages refused far away. */
    void check(@Observes @Priority(100) StartupEvent event) {
        String user = name();
        BrokerIdentity expected = self.identity();
        if (messaging.senderCheck() == MessagingConfig.SenderChecking.REQUIRED && !user.equals(expected.userName())) {
            String whence = self.settings().isEmpty() ? "" : " by " + self.settings();
            throw new IllegalStateException(
                    ("SKEIN_RABBITMQ_URI signs in at the broker as \"%s\", but this is \"%s\"%s, and nobody would"
                                    + " believe its messages. Give it a broker user of that name (docs/broker.md), or,"
                                    + " on a broker with one user for all, set SKEIN_MESSAGING_SENDER_CHECK=off for"
                                    + " every service.")
                            .formatted(user, expected.userName(), whence));
        }
    }
}
