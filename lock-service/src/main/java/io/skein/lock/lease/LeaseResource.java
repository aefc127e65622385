package io.skein.lock.lease;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.skein.lock.claim.AcquireRequest;
import io.skein.lock.claim.Claim;
import io.skein.lock.claim.Names;
import io.skein.lock.queue.Waiter;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/locks}. */
@Path("/api/v1/locks")
@RunOnVirtualThread
@Tag(name = "locks")
public class LeaseResource {

    @Inject
    Caller caller;

    @Inject
    LeaseService service;

    @Inject
    Acquiring acquiring;

    @Inject
    CurrentVertxRequest request;

    /**
     * For how long.
     *
     * @param ttlSeconds 1..86400, default 60, from now
     */
    public record RenewRequest(Integer ttlSeconds) {}

    /** A resource with its holder and its queue, in the order in which it will be served. */
    public record ResourceState(String resourceId, String team, long fencingToken, Lease holder, List<Place> queue) {}

    @POST
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(
            summary =
                    "Lock one resource, or several all or nothing; waits up to waitSeconds, and in the queue up to queueSeconds")
    @APIResponse(
            responseCode = "201",
            description = "Granted",
            content = @Content(schema = @Schema(implementation = Lease.class)))
    @APIResponse(
            responseCode = "202",
            description = "Waiting; the place in the queue is kept",
            content = @Content(schema = @Schema(implementation = Place.class)))
    @APIResponse(
            responseCode = "409",
            description = "Held by somebody else, or the requestId stands for other resources")
    public Response acquire(@NotNull AcquireRequest request) {
        Claim claim = request.claim(new AcquireRequest.Sender(
                caller.name(), caller.actor(), caller.team(), caller.isService(), caller.traceId()));
        Place place = acquiring.ask(claim, new Patience(request.patience(), request.queueing()), this::onHangUp);
        if (place.lock() == null) {
            return Response.accepted(place)
                    .location(URI.create("/api/v1/locks/queue/" + place.id()))
                    .build();
        }
        return Response.created(URI.create("/api/v1/locks/" + place.id()))
                .entity(place.lock())
                .build();
    }

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Locks that are held, newest first")
    public Page<Lease> list(
            @QueryParam("owner") String owner,
            @QueryParam("team") String team,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after) {
        int limit = Page.size(size);
        String ofTeam = caller.isService() ? team : caller.team();
        if (owner != null) {
            Names.checked("owner", owner);
        }
        return Page.of(service.list(ofTeam, owner, Page.afterId(after), limit + 1), limit, lease -> lease.id()
                .toString());
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One lock, held or ended")
    public Lease get(@PathParam("id") String id) {
        return service.visible(id(id, "lock"), person());
    }

    @POST
    @Path("/{id}/renew")
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Hold on for ttlSeconds from now; 409 lock_expired when it is too late")
    public Lease renew(@PathParam("id") String id, RenewRequest request) {
        return service.renew(
                id(id, "lock"), AcquireRequest.ttl(request == null ? null : request.ttlSeconds()), person());
    }

    @DELETE
    @Path("/{id}")
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(
            summary =
                    "Give a lock back; 409 lock_expired when it has ended. An admin may take it from its owner and says why")
    public void release(@PathParam("id") String id, @QueryParam("reason") String reason) {
        service.release(id(id, "lock"), person(), reason == null ? null : Names.checked("reason", reason));
    }

    @GET
    @Path("/queue/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(
            summary =
                    "A place in the queue, or the lock it has become; waits up to waitSeconds for that, and keeps the place")
    public Place place(@PathParam("id") String id, @QueryParam("waitSeconds") Integer waitSeconds) {
        int seconds = waitSeconds == null ? 0 : waitSeconds;
        if (seconds < 0 || seconds > 60) {
            throw ProblemException.invalid("waitSeconds", "must be 0..60");
        }
        return acquiring.look(id(id, "waiting request"), Duration.ofSeconds(seconds), person(), this::onHangUp);
    }

    @DELETE
    @Path("/queue/{id}")
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Take a waiting request out of the queue")
    public void leaveQueue(@PathParam("id") String id) {
        acquiring.leave(id(id, "waiting request"), person());
    }

    @GET
    @Path("/resources/{name: .+}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Who holds a resource and who waits for it; a resource nobody ever locked is simply free")
    public ResourceState resource(@PathParam("name") String name, @QueryParam("team") String team) {
        Names.checked("resourceId", name);
        String ofTeam = caller.isService() && team != null ? team : caller.team();
        List<Place> queue = new ArrayList<>();
        for (Waiter waiter : acquiring.waitingFor(ofTeam, name)) {
            queue.add(Place.waiting(waiter, queue.size()));
        }
        return new ResourceState(
                name,
                ofTeam,
                service.fencingToken(ofTeam, name),
                service.holder(ofTeam, name).orElse(null),
                queue);
    }

    private LeaseService.Person person() {
        return person(caller);
    }

    static LeaseService.Person person(Caller caller) {
        return new LeaseService.Person(
                caller.actor(), caller.isService() ? null : caller.team(), caller.has(Role.ADMIN), caller.traceId());
    }

    /** Whoever waits on a connection that is gone waits for nothing. */
    private void onHangUp(Runnable action) {
        request.getCurrent().addEndHandler(ended -> action.run());
    }

    /** What is no id names nothing. */
    static UUID id(String id, String what) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound(what);
        }
    }
}
