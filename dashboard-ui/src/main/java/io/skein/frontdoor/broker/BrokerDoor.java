package io.skein.frontdoor.broker;

import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.BrokerRights;
import io.skein.contracts.topology.Exchange;
import io.skein.frontdoor.apitokens.ApiToken;
import io.skein.frontdoor.apitokens.LiveTokens;
import io.skein.frontdoor.apitokens.TokenKind;
import io.skein.frontdoor.apitokens.TokenText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * What a node or an agent may do at the broker: it signs in as itself with its token, and each later question is answered
 * from that token as it is then. A revoked one is so refused at the next thing it does, not only when it connects again.
 */
@ApplicationScoped
class BrokerDoor {

    private static final Logger LOG = Logger.getLogger(BrokerDoor.class);
    private static final String TAG = "token-";

    @Inject
    LiveTokens tokens;

    @Inject
    BrokerConfig config;

    @Inject
    Refusals refusals;

    /** Who asks, as the broker knows them since they signed in. */
    record Visitor(String user, String tags) {}

    /** The tag to remember them by; empty when they are not who they say. */
    Optional<String> signIn(String user, String password) {
        Optional<TokenText> text = TokenText.parse(password);
        if (BrokerIdentity.parse(user).isEmpty() || text.isEmpty()) {
            return Optional.empty();
        }
        return switch (tokens.find(text.get())) {
            case LiveTokens.Alive alive -> {
                if (identity(alive.token())
                        .filter(who -> who.userName().equals(user))
                        .isPresent()) {
                    yield Optional.of(TAG + alive.token().id());
                }
                LOG.warnf(
                        "%s tried to sign in at the broker with the token %s of somebody else",
                        user, alive.token().id());
                yield Optional.empty();
            }
            case LiveTokens.Dead dead -> {
                LOG.warnf(
                        "%s is refused at the broker: its token %s is over. %s",
                        user, dead.token().id(), dead.why());
                yield Optional.empty();
            }
            case LiveTokens.Unknown unknown -> Optional.empty();
        };
    }

    boolean mayEnter(Visitor visitor, String vhost) {
        return config.vhost().equals(vhost)
                && known(visitor).filter(Known::alive).isPresent();
    }

    /** Queues and exchanges. */
    boolean mayUse(Visitor visitor, String vhost, String kind, String name, String permission) {
        if (!mayAsk(vhost, name, permission)) {
            return false;
        }
        Optional<Known> known = known(visitor);
        boolean allowed = known.filter(Known::alive)
                .map(who -> BrokerRights.of(who.identity()))
                .map(rights -> switch (permission) {
                    case "configure" -> rights.configure();
                    case "write" -> rights.write();
                    case "read" -> rights.read();
                    default -> BrokerRights.NOTHING;
                })
                // The empty name is the default exchange, which writes to any queue.
                .filter(pattern -> !name.isEmpty()
                        && Pattern.compile(pattern).matcher(name).find())
                .isPresent();
        if (!allowed && "exchange".equals(kind) && "write".equals(permission)) {
            known.ifPresent(who -> refusals.record(who.token(), who.identity(), name, "", who.reason()));
        }
        return allowed;
    }

    /** Routing keys of the topic exchanges: of messages, and of bindings where the permission is to read. */
    boolean mayRoute(Visitor visitor, String vhost, String exchange, String permission, String routingKey) {
        if (!mayAsk(vhost, exchange, permission) || routingKey == null) {
            return false;
        }
        Optional<Known> known = known(visitor);
        Optional<BrokerRights> rights = known.filter(Known::alive).map(who -> BrokerRights.of(who.identity()));
        Optional<Exchange> named = Arrays.stream(Exchange.values())
                .filter(each -> each.wire().equals(exchange))
                .findFirst();
        if (permission.equals("read")) {
            return named.isPresent()
                    && rights.filter(may -> may.mayBind(named.get(), routingKey))
                            .isPresent();
        }
        boolean allowed = permission.equals("write")
                && named.isPresent()
                && rights.filter(may -> may.mayPublish(named.get(), routingKey)).isPresent();
        if (!allowed) {
            known.ifPresent(who -> refusals.record(who.token(), who.identity(), exchange, routingKey, who.reason()));
        }
        return allowed;
    }

    private boolean mayAsk(String vhost, String name, String permission) {
        // Ours are plain; a line break at the end of a name would pass for one of them.
        return config.vhost().equals(vhost)
                && permission != null
                && name != null
                && name.chars().allMatch(letter -> letter > ' ' && letter < 0x7f);
    }

    /** Somebody who signed in once; whether they still could is another question. */
    private record Known(ApiToken token, BrokerIdentity identity, boolean alive) {
        String reason() {
            return alive ? "permission" : "token_over";
        }
    }

    private Optional<Known> known(Visitor visitor) {
        return tokenId(visitor.tags()).flatMap(id -> switch (tokens.find(id)) {
            case LiveTokens.Alive alive -> known(visitor, alive.token(), true);
            case LiveTokens.Dead dead -> known(visitor, dead.token(), false);
            case LiveTokens.Unknown unknown -> Optional.empty();
        });
    }

    private static Optional<Known> known(Visitor visitor, ApiToken token, boolean alive) {
        return identity(token)
                .filter(who -> who.userName().equals(visitor.user()))
                .map(who -> new Known(token, who, alive));
    }

    private static Optional<UUID> tokenId(String tags) {
        if (tags == null || !tags.startsWith(TAG)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(tags.substring(TAG.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<BrokerIdentity> identity(ApiToken token) {
        return token.kind() == TokenKind.PERSON ? Optional.empty() : Optional.of(token.brokerIdentity());
    }
}
