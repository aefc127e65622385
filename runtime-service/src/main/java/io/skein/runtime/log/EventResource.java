package io.skein.runtime.log;

import io.skein.contracts.event.Priority;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The log as the caller may see it: the team's events, and of those about somebody's plan one's own. A service says which team, or
 * sees all.
 */
@Path("/api/v1/events")
@RunOnVirtualThread
@Tag(name = "events")
public class EventResource {

    private static final int MAX_HOURS = 30 * 24;

    record Types(List<EventStatistics.TypeCount> items) {}

    @Inject
    LogService log;

    @Inject
    Clock clock;

    @Inject
    Caller caller;

    /** Newest first. {@code type} may end in {@code .*}. */
    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The event log, newest first, filtered")
    public Page<LoggedEvent> list(
            @QueryParam("type") String type,
            @QueryParam("priority") String priority,
            @QueryParam("planId") String planId,
            @QueryParam("handled") String handled,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after,
            @QueryParam("team") String team) {
        int limit = Page.size(size);
        var filter = new EventLog.Filter(
                caller.visibility(team),
                type(type),
                priority(priority),
                id("planId", planId),
                handled(handled),
                EventCursor.parse(after));
        return log.page(filter, limit);
    }

    /** One event, with the agents it woke and when. */
    @GET
    @Path("/{id:[0-9a-fA-F-]{36}}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One event, with the agents it woke and when")
    public LoggedEvent get(@PathParam("id") String id) {
        return log.get(id("id", id), caller.visibility());
    }

    /** The types of the last {@code hours} with their counts. */
    @GET
    @Path("/types")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The types of the last hours with their counts")
    public Types types(@QueryParam("hours") @DefaultValue("720") int hours, @QueryParam("team") String team) {
        return new Types(log.types(caller.visibility(team), since(hours)));
    }

    @GET
    @Path("/stats")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "How many events were routed, unhandled or are pending, by priority and type")
    public EventStatistics.Statistics stats(
            @QueryParam("hours") @DefaultValue("24") int hours, @QueryParam("team") String team) {
        return log.statistics(caller.visibility(team), since(hours));
    }

    private Instant since(int hours) {
        if (hours < 1 || hours > MAX_HOURS) {
            throw ProblemException.invalid("hours", "must be 1.." + MAX_HOURS);
        }
        return clock.instant().minus(Duration.ofHours(hours));
    }

    /** PostgreSQL has no text with a NUL in it. */
    private static String type(String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw ProblemException.invalid("type", "is not an event type");
        }
        return text;
    }

    private static Priority priority(String text) {
        if (text == null) {
            return null;
        }
        try {
            return Priority.fromWire(text.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("priority", "must be critical, high, normal or low");
        }
    }

    private static UUID id(String field, String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(field, "is not an id");
        }
    }

    private static Boolean handled(String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ProblemException.invalid("handled", "must be true or false");
        };
    }
}
