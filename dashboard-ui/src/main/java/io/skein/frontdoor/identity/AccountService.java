package io.skein.frontdoor.identity;

import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.throttle.AttemptThrottle;
import io.skein.frontdoor.throttle.Limit;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Making and listing accounts; the first one with the one-time setup token. */
@ApplicationScoped
class AccountService {

    private static final Logger LOG = Logger.getLogger(AccountService.class);
    private static final String FIRST_TEAM = "default";

    @Inject
    Jdbi jdbi;

    @Inject
    UserRepository users;

    @Inject
    PasswordHasher hasher;

    @Inject
    SignInService signIns;

    @Inject
    AttemptThrottle throttle;

    @Inject
    AuthEvents events;

    @Inject
    IdentityConfig config;

    @Inject
    Clock clock;

    void start(@Observes StartupEvent event) {
        if (config.setupToken().isEmpty() && !jdbi.withHandle(users::exists)) {
            LOG.warn("nobody has an account and SKEIN_FRONTDOOR_SETUP_TOKEN is not set: nobody can sign in."
                    + " Set it, restart, and make the first account at /setup");
        }
    }

    /**
     * Makes the first account, an administrator, and signs it in.
     *
     * @throws ProblemException illegal_transition once there is any account; bad_credentials for a wrong token
     */
    SignInService.SignedIn setUp(String token, String name, String password, String address) {
        if (jdbi.withHandle(users::exists)) {
            throw alreadySetUp();
        }
        List<Limit> limits = List.of(Limit.setup(address));
        throttle.attempt(limits);
        if (!isSetupToken(token)) {
            LOG.warnf("setup refused: wrong token, from %s", address);
            throw new ProblemException(
                    ErrorCode.BAD_CREDENTIALS,
                    "The setup token is wrong. './skein up' printed it when the fleet was new.");
        }
        throttle.succeeded(limits);
        User user = newUser(name, password, FIRST_TEAM, Set.of(Role.Names.ADMIN));
        String hash = hasher.hash(password);
        return jdbi.inTransaction(tx -> {
            users.lockFirstAccount(tx);
            if (users.exists(tx)) {
                throw alreadySetUp();
            }
            users.insert(tx, user, hash, "setup");
            events.userCreated(tx, user, "setup");
            LOG.infof("made the first account, %s", user.name());
            return signIns.begin(tx, user, address);
        });
    }

    User create(String name, String password, String team, Set<String> roles, String createdBy) {
        User user = newUser(name, password, team, roles);
        String hash = hasher.hash(password);
        jdbi.useTransaction(tx -> {
            if (!users.insert(tx, user, hash, createdBy)) {
                throw ProblemException.invalid("username", "is taken");
            }
            events.userCreated(tx, user, createdBy);
        });
        return user;
    }

    Page<User> list(String team, UUID after, int size) {
        return Page.of(jdbi.withHandle(handle -> users.list(handle, team, after, size + 1)), size, user -> user.id()
                .toString());
    }

    private User newUser(String name, String password, String team, Set<String> roles) {
        AccountRules.checkName(name);
        AccountRules.checkPassword(name, password);
        return new User(
                Ids.next(),
                name,
                team,
                AccountRules.roles(roles),
                false,
                clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private boolean isSetupToken(String token) {
        byte[] expected = config.setupToken().orElse("").getBytes(StandardCharsets.UTF_8);
        return expected.length > 0 && MessageDigest.isEqual(expected, token.getBytes(StandardCharsets.UTF_8));
    }

    private static ProblemException alreadySetUp() {
        return new ProblemException(
                ErrorCode.ILLEGAL_TRANSITION, "There are accounts already; the setup token has done its work.");
    }
}
