package io.skein.frontdoor.identity;

import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.identity.RefreshTokenRepository.Stored;
import io.skein.frontdoor.throttle.AttemptThrottle;
import io.skein.frontdoor.throttle.Limit;
import io.skein.frontdoor.tokens.TokenCutoffs;
import io.skein.frontdoor.tokens.TokenIssuer;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Signing in, staying signed in, signing out.
 *
 * <pre>
 *   sign-in ──► family with token 1 ──refresh──► 1 used, 2 given ──refresh──► 2 used, 3 given ...
 *                  │                                │
 *                  ├── sign-out ────────────────────┼──► revoked: no token of it works
 *                  └── over refresh-absolute ───────┘
 *                       a used token comes back ────────► revoked: thief and owner cannot be told apart
 * </pre>
 *
 * A crash between commit and answer costs the person one sign-in: the new token never arrived, the old one is used.
 */
@ApplicationScoped
class SignInService {

    private static final Logger LOG = Logger.getLogger(SignInService.class);

    @Inject
    Jdbi jdbi;

    @Inject
    UserRepository users;

    @Inject
    RefreshTokenRepository refreshTokens;

    @Inject
    PasswordHasher hasher;

    @Inject
    Passwords passwords;

    @Inject
    AttemptThrottle throttle;

    @Inject
    TokenIssuer issuer;

    @Inject
    TokenCutoffs cutoffs;

    @Inject
    AuthEvents events;

    @Inject
    IdentityConfig config;

    @Inject
    Clock clock;

    /** What a person gets who is signed in. */
    record SignedIn(User user, TokenIssuer.AccessToken accessToken, RefreshToken refreshToken) {}

    /**
     * @throws ProblemException passwords_off; bad_credentials, the same for a wrong name and a wrong password; too_many_attempts
     */
    SignedIn signIn(String name, String password, String address) {
        passwords.require();
        String account = AccountRules.key(name);
        List<Limit> limits =
                List.of(Limit.accountFrom(account, address), Limit.account(account), Limit.address(address));
        throttle.attempt(limits);
        Optional<UserRepository.Credentials> found = AccountRules.isName(name)
                ? jdbi.withHandle(handle -> users.findCredentials(handle, name))
                : Optional.empty();
        boolean right = hasher.matches(password, found.map(UserRepository.Credentials::passwordHash));
        if (!right || found.get().user().disabled()) {
            jdbi.useTransaction(tx -> found.ifPresentOrElse(
                    known -> events.signInFailed(tx, known.user(), address), () -> events.signInFailed(tx, address)));
            throw wrong();
        }
        throttle.succeeded(limits);
        // Read again: hashing took a while, and somebody may have disabled the account or changed its password
        // meanwhile.
        return jdbi.inTransaction(tx -> begin(
                tx,
                users.lock(tx, found.get().user().id())
                        .filter(user -> user.version() == found.get().user().version())
                        .orElseThrow(SignInService::wrong),
                address));
    }

    /** Signs in somebody who has just proved who they are. */
    SignedIn begin(Handle tx, User user, String address) {
        Instant now = clock.instant();
        refreshTokens.deleteExpired(tx, user.id(), now.minus(config.refreshAbsolute()));
        RefreshToken token = RefreshToken.random();
        Instant expiresAt = now.plus(config.refreshAbsolute());
        UUID family = refreshTokens.beginFamily(tx, Ids.next(), user.id(), now, expiresAt);
        refreshTokens.add(tx, family, token, now, earlier(now.plus(config.refreshIdle()), expiresAt));
        events.signedIn(tx, user, address);
        return signedIn(user, family, token);
    }

    /**
     * Exchanges a refresh token for the next one.
     *
     * @throws ProblemException unauthenticated when it is unknown, over, or was exchanged before
     */
    SignedIn refresh(String presented, String address) {
        RefreshToken token = RefreshToken.parse(presented).orElseThrow(SignInService::signInAgain);
        // The refusal is thrown after the commit: the family must stay revoked.
        return jdbi.inTransaction(tx -> exchange(tx, token, address)).orElseThrow(SignInService::signInAgain);
    }

    private Optional<SignedIn> exchange(Handle tx, RefreshToken token, String address) {
        Instant now = clock.instant();
        Optional<Stored> found = refreshTokens.lock(tx, token);
        if (found.isEmpty() || found.get().revoked()) {
            return Optional.empty();
        }
        Stored stored = found.get();
        Optional<User> user = users.find(tx, stored.userId()).filter(u -> !u.disabled());
        if (user.isEmpty()) {
            return Optional.empty();
        }
        if (stored.used()) {
            refreshTokens.revoke(tx, stored.familyId(), now, "a used refresh token came back");
            cutoffs.all(tx, stored.familyId());
            events.refreshReused(tx, user.get(), address);
            LOG.warnf(
                    "a used refresh token of %s came back from %s: that sign-in is ended; if it was not a second tab or"
                            + " a cut connection, somebody copied it",
                    user.get().name(), address);
            return Optional.empty();
        }
        if (!now.isBefore(stored.expiresAt()) || !now.isBefore(stored.familyExpiresAt())) {
            return Optional.empty();
        }
        refreshTokens.markUsed(tx, token, now);
        RefreshToken next = RefreshToken.random();
        refreshTokens.add(
                tx, stored.familyId(), next, now, earlier(now.plus(config.refreshIdle()), stored.familyExpiresAt()));
        return Optional.of(signedIn(user.get(), stored.familyId(), next));
    }

    /** Ends the sign-in the token belongs to, if it belongs to one. */
    void signOut(String presented) {
        RefreshToken.parse(presented)
                .ifPresent(token -> jdbi.useTransaction(tx -> refreshTokens
                        .lock(tx, token)
                        .filter(stored -> !stored.revoked())
                        .ifPresent(stored -> {
                            refreshTokens.revoke(tx, stored.familyId(), clock.instant(), "signed out");
                            cutoffs.all(tx, stored.familyId());
                            users.find(tx, stored.userId()).ifPresent(user -> events.signedOut(tx, user));
                        })));
    }

    /**
     * Ends the sign-ins of a person whose account changed, and the access tokens that are out.
     *
     * @param user as the account is from now on
     * @param kept the sign-in that may go on, with new access tokens
     */
    void end(Handle tx, User user, Optional<UUID> kept, String reason) {
        refreshTokens.revokeOthers(tx, user.id(), kept, clock.instant(), reason);
        renew(tx, user);
    }

    /** Ends the access tokens of a person whose roles changed; the sign-ins go on, and get tokens with the new ones. */
    void renew(Handle tx, User user) {
        cutoffs.below(tx, user.id(), user.version());
    }

    private SignedIn signedIn(User user, UUID signIn, RefreshToken token) {
        return new SignedIn(user, issuer.forPerson(user.person(), Optional.of(signIn)), token);
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static ProblemException wrong() {
        return new ProblemException(ErrorCode.BAD_CREDENTIALS, "User name or password is wrong.");
    }

    private static ProblemException signInAgain() {
        return new ProblemException(ErrorCode.UNAUTHENTICATED, "This sign-in is over; sign in again.");
    }
}
