package io.skein.frontdoor.identity;

import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.throttle.AttemptThrottle;
import io.skein.frontdoor.throttle.Limit;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Accounts people make for themselves, where the configuration allows it. What such an account may do is not theirs to say. */
@ApplicationScoped
class RegistrationService {

    private static final Logger LOG = Logger.getLogger(RegistrationService.class);

    @Inject
    Jdbi jdbi;

    @Inject
    UserRepository users;

    @Inject
    TeamRepository teams;

    @Inject
    AccountService accounts;

    @Inject
    SignInService signIns;

    @Inject
    Passwords passwords;

    @Inject
    AttemptThrottle throttle;

    @Inject
    IdentityConfig config;

    @Inject
    Clock clock;

    void start(@Observes StartupEvent event) {
        if (AccountRules.roles(config.registrationRoles()).contains(Role.Names.ADMIN)) {
            throw new IllegalStateException(
                    "SKEIN_FRONTDOOR_REGISTRATION_ROLES must not contain admin: whoever registers would own the fleet.");
        }
        AccountRules.checkTeam(config.registrationTeam());
        if (open()) {
            LOG.infof(
                    "registration is open: whoever reaches this address can become %s of the team %s",
                    AccountRules.roles(config.registrationRoles()), config.registrationTeam());
        }
    }

    boolean open() {
        return passwords.on() && config.registration() == IdentityConfig.Registration.OPEN;
    }

    /** Whether the first account is still to be made. */
    boolean setUpPending() {
        return passwords.on() && !jdbi.withHandle(users::exists);
    }

    /**
     * Makes an account and signs it in.
     *
     * @throws ProblemException registration_closed; illegal_transition before there is an administrator; too_many_attempts
     */
    SignInService.SignedIn register(String name, String password, String address) {
        if (!open()) {
            throw closed();
        }
        if (setUpPending()) {
            throw new ProblemException(
                    ErrorCode.ILLEGAL_TRANSITION,
                    "The first account is an administrator's, made with the setup token.");
        }
        throttle.attempt(List.of(Limit.registration(address)));
        User user = accounts.newUser(name, password, config.registrationTeam(), config.registrationRoles());
        String hash = accounts.hash(password);
        return jdbi.inTransaction(tx -> {
            teams.insert(tx, user.team(), "registration", clock.instant());
            if (!teams.lock(tx, user.team())) {
                LOG.errorf(
                        "nobody can register: the team %s (SKEIN_FRONTDOOR_REGISTRATION_TEAM) was deleted",
                        user.team());
                throw closed();
            }
            accounts.insert(tx, user, hash, "registration");
            LOG.infof("%s made an account, from %s", user.name(), address);
            return signIns.begin(tx, user, address);
        });
    }

    private static ProblemException closed() {
        return new ProblemException(
                ErrorCode.REGISTRATION_CLOSED, "Ask an administrator of your team to make an account for you.");
    }
}
