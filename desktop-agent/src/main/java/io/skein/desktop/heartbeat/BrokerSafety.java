package io.skein.desktop.heartbeat;

import io.skein.contracts.readiness.UnsafeSetting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The agent's one unsafe setting: a password that leaves this machine in the clear. The services check theirs alike. */
public final class BrokerSafety {

    private static final Logger LOG = Logger.getLogger(BrokerSafety.class);

    private BrokerSafety() {}

    /**
     * @throws IllegalArgumentException when the broker is on another machine and reached without TLS, and that is not accepted; or
     *     when something is accepted that does not exist
     */
    public static void require(String uri, List<String> accepted) {
        List<String> ids =
                accepted.stream().map(String::strip).filter(id -> !id.isEmpty()).toList();
        for (String id : ids) {
            if (UnsafeSetting.find(id).isEmpty()) {
                throw new IllegalArgumentException("SKEIN_ACCEPT_UNSAFE names " + id.replaceAll("\\p{Cntrl}", "?")
                        + ", and there is no such setting; docs/hardening.md lists them.");
            }
        }
        Optional<String> host = plainTo(uri);
        if (host.isPresent()) {
            UnsafeSetting setting = UnsafeSetting.BROKER_PLAIN;
            String text = setting.id() + ": " + setting.what() + " (SKEIN_RABBITMQ_URI leads to " + host.get() + "). "
                    + setting.remedy() + ".";
            if (!ids.contains(setting.id())) {
                throw new IllegalArgumentException("This agent does not start: unsafe setting. " + text
                        + " Or accept it: SKEIN_ACCEPT_UNSAFE=" + setting.id());
            }
            LOG.warnf("accepted as unsafe by SKEIN_ACCEPT_UNSAFE: %s", text);
        }
    }

    /** The host on another machine that this URI leads to without TLS. A name that has to be looked up is another machine. */
    static Optional<String> plainTo(String uri) {
        try {
            URI parsed = new URI(uri);
            String host = parsed.getHost() == null
                    ? "an address that is not a URI"
                    : parsed.getHost().toLowerCase(Locale.ROOT);
            boolean here = host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
            return here || "amqps".equalsIgnoreCase(parsed.getScheme()) ? Optional.empty() : Optional.of(host);
        } catch (URISyntaxException e) {
            // Broker.at() says what is wrong with it.
            return Optional.empty();
        }
    }
}
