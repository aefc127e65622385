package io.skein.frontdoor.identity;

import io.skein.contracts.Ids;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.NewCookie;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The accounts of people whom a provider vouches for. An account is found by issuer and subject and by nothing else: a name or
 * an e-mail address is what somebody over there calls themselves, and would open another's account here.
 */
@ApplicationScoped
public class ProviderSignInService {

    private static final Logger LOG = Logger.getLogger(ProviderSignInService.class);

    /** No person can be called that. */
    private static final String ACTOR = "service:dashboard-ui";

    @Inject
    Jdbi jdbi;

    @Inject
    UserRepository users;

    @Inject
    TeamRepository teams;

    @Inject
    ProviderIdentityRepository identities;

    @Inject
    SignInService signIns;

    @Inject
    RefreshCookie cookie;

    @Inject
    AuthEvents events;

    @Inject
    Clock clock;

    /**
     * Whom the provider vouches for.
     *
     * @param name what a new account would like to be called
     */
    public record Identity(String issuer, String subject, String name, String team, Set<String> roles) {}

    /** What became of it. */
    public sealed interface Outcome {

        /** Signed in; the cookie of the sign-in. */
        record SignedIn(NewCookie cookie) implements Outcome {}

        /** An administrator said no. */
        record Disabled(String name) implements Outcome {}

        /** The team was deleted, or cannot be called that. */
        record NoTeam(String team) implements Outcome {}
    }

    /** Makes or updates the account as the provider says, and signs it in. */
    public Outcome signIn(Identity identity, String address, HttpServerRequest request) {
        if (!AccountRules.isTeam(identity.team())) {
            return new Outcome.NoTeam(identity.team());
        }
        return jdbi.inTransaction(tx -> {
            identities.lock(tx, identity.issuer(), identity.subject());
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            if (!lockTeam(tx, identity.team(), now)) {
                return new Outcome.NoTeam(identity.team());
            }
            Optional<UUID> known = identities.find(tx, identity.issuer(), identity.subject());
            User user = known.isPresent() ? update(tx, known.get(), identity, now) : create(tx, identity, now);
            return user.disabled()
                    ? new Outcome.Disabled(user.name())
                    : new Outcome.SignedIn(
                            cookie.of(signIns.begin(tx, user, address).refreshToken(), request));
        });
    }

    /** For the trail. */
    public void failed(String reason, String address) {
        jdbi.useTransaction(tx -> events.providerSignInFailed(tx, reason, address));
    }

    private boolean lockTeam(Handle tx, String team, Instant now) {
        if (teams.lock(tx, team)) {
            return true;
        }
        if (!teams.insert(tx, team, ACTOR, now)) {
            return false;
        }
        events.teamCreated(tx, team, ACTOR);
        return teams.lock(tx, team);
    }

    private User create(Handle tx, Identity identity, Instant now) {
        List<String> roles = AccountRules.roles(identity.roles());
        User user = ProviderNames.of(identity.name(), identity.issuer(), identity.subject())
                .map(name -> new User(Ids.next(), name, identity.team(), roles, false, false, now, 0))
                .filter(wanted -> users.insert(tx, wanted, null, ACTOR))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("every name for a new account is taken"));
        identities.insert(tx, identity.issuer(), identity.subject(), user.id(), now);
        events.userCreated(tx, user, ACTOR);
        LOG.infof(
                "made the account %s: %s of team %s, vouched for by %s",
                user.name(), roles, user.team(), identity.issuer());
        return user;
    }

    private User update(Handle tx, UUID id, Identity identity, Instant now) {
        identities.seen(tx, id, now);
        User before = users.lock(tx, id).orElseThrow();
        List<String> roles = AccountRules.roles(identity.roles());
        if (before.disabled() || before.roles().equals(roles) && before.team().equals(identity.team())) {
            return before;
        }
        User after = new User(
                id,
                before.name(),
                identity.team(),
                roles,
                before.hasPassword(),
                false,
                before.createdAt(),
                before.version() + 1);
        users.updateFromProvider(tx, after);
        signIns.renew(tx, after);
        events.userChanged(tx, before, after, ACTOR);
        LOG.infof("%s is %s of team %s now, says %s", after.name(), roles, after.team(), identity.issuer());
        return after;
    }
}
