package io.skein.orchestrator.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.repeat.Repeats;
import io.skein.platform.ServiceConfig;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.messaging.Outbox;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Makes and changes sessions for the person they belong to. */
@ApplicationScoped
public class SessionService {

    private static final int MAX_TITLE = 200;

    @Inject
    Jdbi jdbi;

    @Inject
    SessionRepository sessions;

    @Inject
    Repeats repeats;

    @Inject
    Outbox outbox;

    @Inject
    ServiceConfig service;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    Session create(String wanted, String key) {
        String title = wanted == null || wanted.isBlank() ? "New session" : title(wanted);
        Requester requester = new Requester(caller.team(), caller.name(), caller.actor());
        String call = "session " + title;
        return jdbi.inTransaction(tx -> {
            Optional<UUID> earlier = repeats.made(tx, requester, key, call);
            if (earlier.isPresent()) {
                return sessions.find(tx, earlier.get())
                        .orElseThrow(() -> ProblemException.notFound("such session any more"));
            }
            Session session = sessions.create(tx, caller.team(), caller.name(), title, clock.instant());
            repeats.note(tx, requester, key, call, session.id());
            told(tx, session, EventTypes.SESSION_CREATED);
            return session;
        });
    }

    Session rename(String id, String wanted, String ifMatch) {
        if (wanted == null || wanted.isBlank()) {
            throw ProblemException.invalid("title", "is missing");
        }
        String title = title(wanted);
        return jdbi.inTransaction(tx -> {
            Session session = locked(tx, id);
            requireMatch(session, ifMatch);
            sessions.rename(tx, session.id(), title, clock.instant());
            Session renamed = sessions.find(tx, session.id()).orElseThrow();
            told(tx, renamed, EventTypes.SESSION_RENAMED);
            return renamed;
        });
    }

    Session archive(String id, boolean archived) {
        return jdbi.inTransaction(tx -> {
            Session session = locked(tx, id);
            if (session.isArchived() == archived) {
                throw illegal(session, "The session is " + session.status() + " already.");
            }
            if (archived && sessions.openPlans(tx, session.id()) > 0) {
                throw illegal(session, "A plan of the session is not over. Let it end, reject it or cancel it first.");
            }
            sessions.archive(tx, session.id(), archived, clock.instant());
            Session changed = sessions.find(tx, session.id()).orElseThrow();
            told(tx, changed, archived ? EventTypes.SESSION_ARCHIVED : EventTypes.SESSION_RESTORED);
            return changed;
        });
    }

    void delete(String id, String ifMatch) {
        jdbi.useTransaction(tx -> {
            Session session = locked(tx, id);
            if (ifMatch != null && !ifMatch.isBlank()) {
                requireMatch(session, ifMatch);
            }
            if (sessions.openPlans(tx, session.id()) > 0) {
                throw illegal(session, "A plan of the session is not over. Let it end, reject it or cancel it first.");
            }
            sessions.delete(tx, session.id(), clock.instant());
            told(tx, session, EventTypes.SESSION_DELETED);
        });
    }

    /** @throws ProblemException not_found when it is not there, or somebody else's, whoever asks */
    public Session own(Handle handle, String id) {
        return own(sessions.find(handle, id(id)));
    }

    /** The same, with its row locked until the transaction ends. */
    public Session locked(Handle tx, String id) {
        return own(sessions.lock(tx, id(id)));
    }

    private Session own(Optional<Session> found) {
        return found.filter(session ->
                        session.team().equals(caller.team()) && session.owner().equals(caller.name()))
                .orElseThrow(() -> ProblemException.notFound("such session"));
    }

    private static UUID id(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("such session");
        }
    }

    private static String title(String title) {
        if (title.length() > MAX_TITLE) {
            throw ProblemException.invalid("title", "must be at most " + MAX_TITLE + " characters");
        }
        // A database keeps neither of them.
        if (title.codePoints().anyMatch(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw ProblemException.invalid("title", "is not plain text");
        }
        return title;
    }

    private static void requireMatch(Session session, String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_REQUIRED,
                    "Send the ETag of what you read as If-Match, so that nobody's change is lost.");
        }
        boolean same = Arrays.stream(ifMatch.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(session.etag()));
        if (!same) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_FAILED, "The session was changed since you read it. Read it again.");
        }
    }

    private static ProblemException illegal(Session session, String detail) {
        return new ProblemException(ErrorCode.ILLEGAL_TRANSITION, detail)
                .with("sessionId", session.id().toString())
                .with("sessionStatus", session.status());
    }

    private void told(Handle tx, Session session, String type) {
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("sessionId", session.id().toString());
        data.put("title", session.title());
        data.put("plans", session.plans());
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/" + service.name())
                        .subject(session.id())
                        .time(clock.instant())
                        .team(session.team())
                        .actor(caller.actor())
                        .traceId(caller.traceId())
                        .owner(session.owner())
                        .data(data)
                        .build());
    }
}
