package io.skein.frontdoor.identity;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.throttle.AttemptThrottle;
import io.skein.frontdoor.throttle.Limit;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** New passwords: one's own, and those of people who forgot theirs. Either ends the sign-ins made with the old one. */
@ApplicationScoped
class PasswordService {

    private static final Logger LOG = Logger.getLogger(PasswordService.class);

    @Inject
    Jdbi jdbi;

    @Inject
    UserRepository users;

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

    boolean exists(UUID id) {
        return jdbi.withHandle(handle -> users.find(handle, id))
                .filter(User::hasPassword)
                .isPresent();
    }

    /**
     * Changes one's own password. The sign-in it is changed from goes on, every other one ends.
     *
     * @throws ProblemException validation_failed for a wrong present password or a bad new one; too_many_attempts
     */
    void change(UUID id, UUID signIn, String current, String next, String address) {
        UserRepository.Credentials known =
                jdbi.withHandle(handle -> users.findCredentials(handle, id)).orElseThrow(PasswordService::gone);
        List<Limit> limits = List.of(Limit.passwordChange(id.toString()));
        throttle.attempt(limits);
        requireOwn(known);
        if (!hasher.matches(current, Optional.ofNullable(known.passwordHash()))) {
            jdbi.useTransaction(tx -> events.passwordChangeFailed(tx, known.user(), address));
            LOG.warnf(
                    "password of %s not changed: the present one was wrong, from %s",
                    known.user().name(), address);
            throw ProblemException.invalid("currentPassword", "is not your password");
        }
        throttle.succeeded(limits);
        AccountRules.checkPassword("newPassword", known.user().name(), next);
        if (current.equals(next)) {
            throw ProblemException.invalid("newPassword", "is the one you have");
        }
        store(known.user(), next, Optional.of(signIn), known.user().name());
    }

    /**
     * Gives somebody a new password, who tells an administrator that the old one is lost, or that somebody else knows it.
     *
     * @throws ProblemException illegal_transition for one's own: that is {@link #change}, which asks for the present one
     */
    void reset(Administrator by, UUID id, String next) {
        UserRepository.Credentials known =
                jdbi.withHandle(handle -> users.findCredentials(handle, id)).orElseThrow(PasswordService::gone);
        User user = known.user();
        by.require(user);
        requireOwn(known);
        if (by.id().equals(id)) {
            throw new ProblemException(
                    ErrorCode.ILLEGAL_TRANSITION,
                    "Change your own password with the present one: POST /api/v1/me/password");
        }
        AccountRules.checkPassword(user.name(), next);
        store(user, next, Optional.empty(), by.actor());
    }

    /** Only onto the account as it was read: of two changes at once one is told so. */
    private void store(User user, String next, Optional<UUID> keptSignIn, String actor) {
        String hash = hasher.hash(next);
        jdbi.useTransaction(tx -> {
            User now = users.lock(tx, user.id()).orElseThrow(PasswordService::gone);
            if (now.version() != user.version()) {
                throw new ProblemException(
                        ErrorCode.ILLEGAL_TRANSITION,
                        "The account was changed at the same moment; look, then try again.");
            }
            User changed = now.changed(now.roles(), now.disabled());
            users.updatePassword(tx, changed, hash);
            signIns.end(tx, changed, keptSignIn, "the password was changed");
            events.passwordChanged(tx, changed, actor);
            LOG.infof("password of %s changed by %s", changed.name(), actor);
        });
    }

    private void requireOwn(UserRepository.Credentials known) {
        passwords.require();
        if (known.passwordHash() == null) {
            throw new ProblemException(
                    ErrorCode.PASSWORDS_OFF,
                    known.user().name() + " signs in with the provider and has no password here.");
        }
    }

    private static ProblemException gone() {
        return ProblemException.notFound("such person");
    }
}
