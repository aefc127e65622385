package io.skein.frontdoor.apitokens;

import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.platform.auth.Role;
import io.skein.platform.http.Trace;
import io.skein.platform.messaging.Outbox;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Making, listing and revoking API tokens. */
@ApplicationScoped
class ApiTokenService {

    private static final int MAX_ALIVE = 100;
    /** A revoked or expired token can be told from an unknown one for so long. */
    private static final Duration REMEMBERED = Duration.ofDays(90);

    @Inject
    Jdbi jdbi;

    @Inject
    ApiTokenRepository tokens;

    @Inject
    TokenExchange exchange;

    @Inject
    Outbox outbox;

    @Inject
    Trace trace;

    @Inject
    ApiTokenConfig config;

    @Inject
    Clock clock;

    /** What somebody wants; {@code days} null for the usual time. */
    record Wanted(String name, TokenKind kind, Set<String> scopes, String subject, Integer days) {}

    /** A new token and, this once, its text. */
    record Created(ApiToken token, TokenText text) {}

    /** Who asks. */
    record Asker(UUID id, String name, String team, boolean admin) {}

    Created create(Asker asker, Wanted wanted) {
        checkName(wanted.name());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant expiresAt = now.plus(lifetime(wanted.days()));
        TokenText text = TokenText.random(wanted.kind());
        ApiToken token = jdbi.inTransaction(tx -> {
            ApiToken.Owner owner = tokens.lockOwner(tx, asker.id())
                    .filter(found -> !found.disabled())
                    .orElseThrow(() -> new ProblemException(ErrorCode.UNAUTHENTICATED, "This account is gone."));
            tokens.deleteOver(tx, owner.id(), now.minus(REMEMBERED));
            if (tokens.countAlive(tx, owner.id(), now) >= MAX_ALIVE) {
                throw new ProblemException(
                        ErrorCode.ILLEGAL_TRANSITION,
                        "You have " + MAX_ALIVE + " API tokens; revoke one that is not needed any more.");
            }
            ApiToken made = new ApiToken(
                    Ids.next(),
                    owner,
                    wanted.name().strip(),
                    wanted.kind(),
                    subject(wanted, owner),
                    scopes(wanted, owner),
                    now,
                    expiresAt,
                    null,
                    null);
            tokens.insert(tx, made, text.hash());
            event(tx, EventTypes.AUTH_TOKEN_CREATED, made, asker.name());
            return made;
        });
        return new Created(token, text);
    }

    /** The asker's own, or everybody's of the team. */
    Page<ApiToken> list(Asker asker, boolean wholeTeam, UUID before, int size) {
        List<ApiToken> found = jdbi.withHandle(handle -> wholeTeam
                ? tokens.listTeam(handle, asker.team(), before, size + 1)
                : tokens.list(handle, asker.id(), before, size + 1));
        return Page.of(found, size, token -> token.id().toString());
    }

    /**
     * From then on it is refused here, and within two seconds by the other replicas.
     *
     * @throws ProblemException not_found when it is neither the asker's own nor, for an administrator, the team's
     */
    void revoke(Asker asker, UUID id) {
        jdbi.useTransaction(tx -> {
            ApiToken token = tokens.find(tx, id)
                    .filter(found -> found.owner().id().equals(asker.id())
                            || asker.admin() && found.owner().team().equals(asker.team()))
                    .orElseThrow(() -> ProblemException.notFound("such API token"));
            if (tokens.revoke(tx, id, clock.instant(), asker.name())) {
                event(tx, EventTypes.AUTH_TOKEN_REVOKED, token, asker.name());
            }
        });
        exchange.forget();
    }

    Instant now() {
        return clock.instant();
    }

    private Duration lifetime(Integer days) {
        Duration most = config.maxLifetime();
        if (days == null) {
            return config.lifetime().compareTo(most) < 0 ? config.lifetime() : most;
        }
        if (days < 1 || Duration.ofDays(days).compareTo(most) > 0) {
            throw ProblemException.invalid("expiresInDays", "must be 1.." + most.toDays());
        }
        return Duration.ofDays(days);
    }

    private static void checkName(String name) {
        if (name.isBlank() || name.codePoints().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid("name", "must not be blank or contain control characters");
        }
    }

    private static String subject(Wanted wanted, ApiToken.Owner owner) {
        if (wanted.kind() == TokenKind.PERSON) {
            if (wanted.subject() != null) {
                throw ProblemException.invalid("subject", "is only for tokens of nodes and agents");
            }
            return null;
        }
        if (!owner.roles().contains(Role.Names.ADMIN)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only an administrator gives tokens to nodes and agents.");
        }
        String subject = wanted.subject();
        if (subject == null || !isKnownToTheBroker(wanted.kind(), owner.team(), subject)) {
            throw ProblemException.invalid(
                    "subject",
                    "must be the name of the node or the id of the agent: letters, digits, '.', '_' and '-'");
        }
        return subject;
    }

    private static boolean isKnownToTheBroker(TokenKind kind, String team, String subject) {
        try {
            return BrokerIdentity.parse(kind.brokerIdentity(team, subject).userName())
                    .isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** In order of power. Whoever may do anything may look. */
    private static List<String> scopes(Wanted wanted, ApiToken.Owner owner) {
        if (wanted.kind() != TokenKind.PERSON) {
            if (!wanted.scopes().isEmpty()) {
                throw ProblemException.invalid("scopes", "are only for a person's tokens");
            }
            return List.of();
        }
        if (wanted.scopes().isEmpty()) {
            throw ProblemException.invalid("scopes", "must be some of your roles: " + String.join(", ", owner.roles()));
        }
        for (String scope : wanted.scopes()) {
            if (!owner.roles().contains(scope)) {
                throw ProblemException.invalid(
                        "scopes", "must be some of your roles: " + String.join(", ", owner.roles()));
            }
        }
        return Arrays.stream(Role.values())
                .map(Role::wire)
                .filter(role ->
                        role.equals(Role.Names.VIEWER) || wanted.scopes().contains(role))
                .toList();
    }

    private void event(Handle tx, String type, ApiToken token, String actor) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", token.name());
        data.put("kind", token.kind().wire());
        data.put("of", token.owner().name());
        if (token.subject() != null) {
            data.put("subject", token.subject());
        }
        data.put("scopes", token.scopes());
        data.put("expiresAt", token.expiresAt());
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/dashboard-ui")
                        .subject("token:" + token.id())
                        .time(clock.instant())
                        .team(token.owner().team())
                        .actor(actor)
                        // A machine's token is the team's business, a person's theirs.
                        .owner(token.kind() == TokenKind.PERSON ? token.owner().name() : null)
                        .traceId(trace.id())
                        .data(data)
                        .build());
    }
}
