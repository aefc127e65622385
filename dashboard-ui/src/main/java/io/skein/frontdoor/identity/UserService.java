package io.skein.frontdoor.identity;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.tokens.TokenCutoffs;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The people of a team, for its administrators. Two rules hold for every change: nobody takes their own rights away, and a team
 * that has people keeps somebody who can administer it.
 */
@ApplicationScoped
class UserService {

    private static final Logger LOG = Logger.getLogger(UserService.class);

    @Inject
    Jdbi jdbi;

    @Inject
    UserRepository users;

    @Inject
    TeamRepository teams;

    @Inject
    SignInService signIns;

    @Inject
    TokenCutoffs cutoffs;

    @Inject
    AccountService accounts;

    @Inject
    AuthEvents events;

    @Inject
    Clock clock;

    /** What to change; empty stays as it is. */
    record Change(Optional<Set<String>> roles, Optional<Boolean> disabled) {}

    Page<User> list(Administrator by, Optional<String> team, UUID after, int size) {
        String of = team(by, team).orElseThrow(() -> ProblemException.notFound("such team"));
        return Page.of(jdbi.withHandle(handle -> users.list(handle, of, after, size + 1)), size, user -> user.id()
                .toString());
    }

    User find(Administrator by, UUID id) {
        return jdbi.withHandle(handle -> find(handle, by, id));
    }

    /**
     * @throws ProblemException forbidden for a team that is not the administrator's; validation_failed for one that is not
     */
    User create(Administrator by, String name, String password, Optional<String> team, Set<String> roles) {
        String into = team(by, team)
                .orElseThrow(
                        () -> new ProblemException(ErrorCode.FORBIDDEN, "You can add people to your own team only."));
        User user = accounts.newUser(name, password, into, roles);
        String hash = accounts.hash(password);
        jdbi.useTransaction(tx -> {
            if (!teams.lock(tx, into)) {
                throw ProblemException.invalid("team", "does not exist");
            }
            accounts.insert(tx, user, hash, by.actor());
        });
        return user;
    }

    /**
     * @param version the one the administrator saw, if they say so
     * @throws ProblemException last_admin; illegal_transition for oneself; precondition_failed
     */
    User change(Administrator by, UUID id, Change change, Optional<Long> version) {
        return jdbi.inTransaction(tx -> {
            User before = lock(tx, by, id);
            if (version.isPresent() && version.get() != before.version()) {
                throw new ProblemException(ErrorCode.PRECONDITION_FAILED, "Read the account again, then change it.");
            }
            List<String> roles = change.roles().map(AccountRules::roles).orElse(before.roles());
            User after = before.changed(roles, change.disabled().orElse(before.disabled()));
            if (after.roles().equals(before.roles()) && after.disabled() == before.disabled()) {
                return before;
            }
            if (before.administers() && !after.administers()) {
                requireSomebodyElse(by, before);
                requireAdministrator(tx, before);
            }
            users.update(tx, after);
            if (after.disabled()) {
                signIns.end(tx, after, Optional.empty(), "the account was disabled");
            } else {
                signIns.renew(tx, after);
            }
            events.userChanged(tx, before, after, by.actor());
            LOG.infof(
                    "%s changed %s: %s%s",
                    by.actor(), after.name(), after.roles(), after.disabled() ? ", disabled" : "");
            return after;
        });
    }

    /** Deletes the account; its name stays reserved. */
    void delete(Administrator by, UUID id) {
        jdbi.useTransaction(tx -> {
            User user = lock(tx, by, id);
            requireSomebodyElse(by, user);
            // The last person of a team may go: it is empty then, and can be deleted.
            if (user.administers() && users.others(tx, user) > 0) {
                requireAdministrator(tx, user);
            }
            cutoffs.all(tx, user.id());
            users.delete(tx, user, by.actor(), clock.instant());
            events.userDeleted(tx, user, by.actor());
            LOG.infof("%s deleted %s", by.actor(), user.name());
        });
    }

    private User find(Handle handle, Administrator by, UUID id) {
        User user = users.find(handle, id).orElseThrow(() -> ProblemException.notFound("such person"));
        by.require(user);
        return user;
    }

    /** The team first: see {@link TeamRepository#lock}. */
    private User lock(Handle tx, Administrator by, UUID id) {
        teams.lock(tx, find(tx, by, id).team());
        return users.lock(tx, id).orElseThrow(() -> ProblemException.notFound("such person"));
    }

    private static void requireSomebodyElse(Administrator by, User user) {
        if (by.id().equals(user.id())) {
            throw new ProblemException(
                    ErrorCode.ILLEGAL_TRANSITION, "You cannot do this to your own account; another administrator can.");
        }
    }

    private void requireAdministrator(Handle tx, User leaving) {
        if (users.otherAdministrators(tx, leaving) == 0) {
            throw new ProblemException(
                    ErrorCode.LAST_ADMIN,
                    leaving.name() + " is the only administrator of the team " + leaving.team() + ".");
        }
    }

    /** The team to work on; empty when the administrator names one that is none of theirs. */
    private static Optional<String> team(Administrator by, Optional<String> named) {
        String team = named.orElse(by.team());
        return by.ofFleet() || team.equals(by.team()) ? Optional.of(team) : Optional.empty();
    }
}
