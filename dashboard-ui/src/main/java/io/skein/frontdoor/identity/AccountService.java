package io.skein.frontdoor.identity;

import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.throttle.AttemptThrottle;
import io.skein.frontdoor.throttle.Limit;
import io.skein.platform.auth.Role;
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
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Making accounts; the first one with the one-time setup token. */
@ApplicationScoped
class AccountService {

    private static final Logger LOG = Logger.getLogger(AccountService.class);

    @Inject
    Jdbi jdbi;

    @Inject
    UserRepository users;

    @Inject
    TeamRepository teams;

    @Inject
    PasswordHasher hasher;

    @Inject
    Passwords passwords;

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
        if (passwords.on() && config.setupToken().isEmpty() && !jdbi.withHandle(users::exists)) {
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
        passwords.require();
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
        User user = newUser(name, password, Team.HOME, Set.of(Role.Names.ADMIN));
        String hash = hasher.hash(password);
        return jdbi.inTransaction(tx -> {
            users.lockFirstAccount(tx);
            if (users.exists(tx)) {
                throw alreadySetUp();
            }
            teams.insert(tx, user.team(), "setup", user.createdAt());
            insert(tx, user, hash, "setup");
            LOG.infof("made the first account, %s", user.name());
            return signIns.begin(tx, user, address);
        });
    }

    /**
     * An account that is not stored yet.
     *
     * @throws ProblemException validation_failed when name, password or roles are not as they must be
     */
    User newUser(String name, String password, String team, Set<String> roles) {
        passwords.require();
        AccountRules.checkName(name);
        AccountRules.checkPassword(name, password);
        return new User(
                Ids.next(),
                name,
                team,
                AccountRules.roles(roles),
                true,
                false,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                0);
    }

    /** Takes a third of a second: not inside a transaction. */
    String hash(String password) {
        return hasher.hash(password);
    }

    /**
     * Stores a new account.
     *
     * @throws ProblemException validation_failed when the name is taken
     */
    void insert(Handle tx, User user, String passwordHash, String createdBy) {
        if (!users.insert(tx, user, passwordHash, createdBy)) {
            throw ProblemException.invalid("username", "is taken");
        }
        events.userCreated(tx, user, createdBy.equals("registration") ? user.name() : createdBy);
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
