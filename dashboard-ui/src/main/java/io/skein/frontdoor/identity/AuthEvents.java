package io.skein.frontdoor.identity;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.http.Trace;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What happened at the door, for the audit trail. Written with the change; never a password, a token or a wrong name. */
@ApplicationScoped
class AuthEvents {

    private static final String SOURCE = "/dashboard-ui";

    @Inject
    Outbox outbox;

    @Inject
    Trace trace;

    @Inject
    Clock clock;

    void userCreated(Handle tx, User user, String actor) {
        send(
                tx,
                event(EventTypes.AUTH_USER_CREATED, user, Map.of("roles", user.roles()))
                        .actor(actor));
    }

    void userChanged(Handle tx, User before, User after, String actor) {
        send(
                tx,
                event(
                                EventTypes.AUTH_USER_CHANGED,
                                after,
                                Map.of(
                                        "roles", after.roles(),
                                        "disabled", after.disabled(),
                                        "rolesBefore", before.roles(),
                                        "disabledBefore", before.disabled()))
                        .actor(actor));
    }

    void userDeleted(Handle tx, User user, String actor) {
        send(
                tx,
                event(EventTypes.AUTH_USER_DELETED, user, Map.of("roles", user.roles()))
                        .actor(actor));
    }

    /** By its owner, or by an administrator. */
    void passwordChanged(Handle tx, User user, String actor) {
        send(tx, event(EventTypes.AUTH_PASSWORD_CHANGED, user, Map.of()).actor(actor));
    }

    /** In the home team's trail: whoever makes teams is of it. */
    void teamCreated(Handle tx, String team, String actor) {
        send(
                tx,
                SkeinEvent.of(EventTypes.AUTH_TEAM_CREATED)
                        .subject("team:" + team)
                        .team(Team.HOME)
                        .actor(actor));
    }

    void teamDeleted(Handle tx, String team, String actor) {
        send(
                tx,
                SkeinEvent.of(EventTypes.AUTH_TEAM_DELETED)
                        .subject("team:" + team)
                        .team(Team.HOME)
                        .actor(actor));
    }

    void signedIn(Handle tx, User user, String address) {
        send(tx, event(EventTypes.AUTH_SIGNED_IN, user, Map.of("address", address)));
    }

    void signedOut(Handle tx, User user) {
        send(tx, event(EventTypes.AUTH_SIGNED_OUT, user, Map.of()));
    }

    void refreshReused(Handle tx, User user, String address) {
        send(
                tx,
                event(EventTypes.AUTH_REFRESH_REUSED, user, Map.of("address", address))
                        .priority(Priority.HIGH));
    }

    /** A wrong password of a real account. */
    void signInFailed(Handle tx, User user, String address) {
        send(tx, event(EventTypes.AUTH_SIGN_IN_FAILED, user, Map.of("address", address, "reason", "wrong password")));
    }

    /** Somebody who is signed in does not know the password they want to change. */
    void passwordChangeFailed(Handle tx, User user, String address) {
        send(
                tx,
                event(
                        EventTypes.AUTH_SIGN_IN_FAILED,
                        user,
                        Map.of("address", address, "reason", "wrong password at a password change")));
    }

    /** A name nobody has; it is not written down, people type passwords there. */
    void signInFailed(Handle tx, String address) {
        send(
                tx,
                SkeinEvent.of(EventTypes.AUTH_SIGN_IN_FAILED)
                        .actor("unknown")
                        .subject("user:unknown")
                        .data(Map.of("address", address, "reason", "no such user")));
    }

    /** Whom the provider did not vouch for, or has nothing to say here. What it calls them is not written down either. */
    void providerSignInFailed(Handle tx, String reason, String address) {
        send(
                tx,
                SkeinEvent.of(EventTypes.AUTH_SIGN_IN_FAILED)
                        .actor("unknown")
                        .subject("user:unknown")
                        .data(Map.of("address", address, "reason", reason)));
    }

    private static SkeinEvent.Builder event(String type, User user, Map<String, Object> data) {
        return SkeinEvent.of(type)
                .subject("user:" + user.name())
                .team(user.team())
                .actor(user.name())
                .data(data);
    }

    private void send(Handle tx, SkeinEvent.Builder event) {
        outbox.event(
                tx,
                event.source(SOURCE).time(clock.instant()).traceId(trace.id()).build());
    }
}
