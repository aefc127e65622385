package io.skein.runtime.schedule;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.publish.GivenKeys;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/schedules}: the whole team's. */
@Path("/api/v1/schedules")
@RunOnVirtualThread
@Tag(name = "schedules")
public class ScheduleResource {

    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    @Inject
    ScheduleService service;

    @Inject
    Caller caller;

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The team's schedules, newest first, each with its next due time")
    public Page<Schedule> list(
            @QueryParam("size") Integer size, @QueryParam("after") String after, @QueryParam("team") String team) {
        return service.page(caller.visibility(team), Page.afterId(after), Page.size(size));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One schedule")
    public Response get(@PathParam("id") String id) {
        return answer(Response.ok(), service.find(caller.visibility(), id(id)));
    }

    @POST
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Have an event published by the clock: a cron expression in a time zone, or once")
    public Response create(
            @HeaderParam("Idempotency-Key") String key,
            @NotNull(message = "a body is needed") @Valid ScheduleRequest request) {
        Schedule schedule = service.create(person(), GivenKeys.checked(key), request);
        return answer(Response.created(URI.create("/api/v1/schedules/" + schedule.id())), schedule);
    }

    @PUT
    @Path("/{id}")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Put another schedule in its place; If-Match refuses to overwrite what somebody else changed")
    public Response replace(
            @PathParam("id") String id,
            @HeaderParam("If-Match") String ifMatch,
            @NotNull(message = "a body is needed") @Valid ScheduleRequest request) {
        return answer(Response.ok(), service.replace(person(), id(id), version(ifMatch), request));
    }

    @DELETE
    @Path("/{id}")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Delete a schedule and what is known of its firings")
    public void delete(@PathParam("id") String id) {
        service.delete(person(), id(id));
    }

    @POST
    @Path("/{id}/pause")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Nothing comes until it is resumed; again is fine")
    public Response pause(@PathParam("id") String id) {
        return answer(Response.ok(), service.pause(person(), id(id)));
    }

    @POST
    @Path("/{id}/resume")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Go on from now; what was due meanwhile is not made up for")
    public Response resume(@PathParam("id") String id) {
        return answer(Response.ok(), service.resume(person(), id(id)));
    }

    @GET
    @Path("/{id}/firings")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "What became of its due times, the latest first")
    public Page<ScheduleRepository.Firing> firings(
            @PathParam("id") String id, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        return service.firings(caller.visibility(), id(id), cursor(after), Page.size(size));
    }

    private ScheduleService.Person person() {
        return new ScheduleService.Person(caller.team(), caller.actor(), caller.traceId());
    }

    private static Response answer(Response.ResponseBuilder response, Schedule schedule) {
        return response.entity(schedule)
                .header("ETag", "\"" + schedule.version() + "\"")
                .build();
    }

    private static Optional<Long> version(String ifMatch) {
        if (ifMatch == null || ifMatch.equals("*")) {
            return Optional.empty();
        }
        Matcher matcher = ETAG.matcher(ifMatch);
        if (!matcher.matches()) {
            throw new ProblemException(ErrorCode.PRECONDITION_FAILED, "If-Match must be an ETag this schedule had.");
        }
        return Optional.of(Long.parseLong(matcher.group(1)));
    }

    private static Instant cursor(String after) {
        try {
            return after == null || after.isEmpty() ? null : Instant.parse(after);
        } catch (DateTimeException e) {
            throw ProblemException.invalid("after", "is not a cursor this list gave out");
        }
    }

    /** What is no id names nothing. */
    private static UUID id(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("schedule");
        }
    }
}
