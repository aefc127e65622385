package io.skein.platform.messaging;

import io.skein.contracts.readiness.UnsafeSetting;
import io.skein.platform.readiness.Finding;
import io.skein.platform.readiness.Hosts;
import io.skein.platform.readiness.ReadinessCheck;
import io.skein.platform.readiness.Secrets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** RabbitMQ on another machine needs TLS, a password of its own, and messages that say who sent them. */
@ApplicationScoped
class BrokerCheck implements ReadinessCheck {

    @ConfigProperty(name = "skein.rabbitmq.uri")
    String uri;

    @Inject
    MessagingConfig messaging;

    @Override
    public List<Finding> findings() {
        return findings(uri, messaging.senderCheck() == MessagingConfig.SenderChecking.OFF);
    }

    static List<Finding> findings(String uri, boolean senderCheckOff) {
        List<Finding> findings = new ArrayList<>();
        Optional<String> host = Hosts.away(uri);
        if (host.isPresent()) {
            String where = "SKEIN_RABBITMQ_URI leads to " + host.get();
            if (!uri.startsWith("amqps:")) {
                findings.add(new Finding(UnsafeSetting.BROKER_PLAIN, where));
            }
            if (hasGuessablePassword(uri)) {
                findings.add(new Finding(UnsafeSetting.BROKER_PASSWORD, where));
            }
            if (senderCheckOff) {
                findings.add(new Finding(
                        UnsafeSetting.SENDER_CHECK_OFF, "SKEIN_MESSAGING_SENDER_CHECK is off, and " + where));
            }
        }
        return findings;
    }

    private static boolean hasGuessablePassword(String uri) {
        try {
            String user = URI.create(uri).getUserInfo();
            // Without one the client uses guest:guest.
            return user == null
                    || Secrets.passwordOf(user)
                            .map(password -> Secrets.isFirstGuess(user.substring(0, user.indexOf(':')), password))
                            .orElse(true);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
