package io.skein.lock.lease;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
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

    /**
     * For how long.
     *
     * @param ttlSeconds 1..86400, default 60, from now
     */
    public record RenewRequest(Integer ttlSeconds) {}

    /** A resource with its holder and its queue, in the order in which it will be served. */
    public record ResourceState(
            String resourceId, String team, long fencingToken, Lease holder, List<QueueEntry> queue) {}

    public record QueueEntry(
            UUID id,
            int position,
            List<String> resourceIds,
            String ownerId,
            String ownerType,
            String priority,
            Instant arrivedAt) {}

    @POST
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Lock one resource, or several all or nothing; waits up to waitSeconds in the queue")
    public Response acquire(@NotNull AcquireRequest request) {
        Claim claim = request.claim(new AcquireRequest.Sender(
                caller.name(), caller.actor(), caller.team(), caller.isService(), caller.traceId()));
        Lease lease = service.acquire(claim, request.patience());
        return Response.created(URI.create("/api/v1/locks/" + lease.id()))
                .entity(lease)
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
    @Operation(summary = "Give a lock back; again is fine. An admin may take it from its owner")
    public void release(@PathParam("id") String id, @QueryParam("reason") String reason) {
        service.release(id(id, "lock"), person(), reason == null ? null : Names.checked("reason", reason));
    }

    @DELETE
    @Path("/queue/{id}")
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Take a waiting request out of the queue")
    public void leaveQueue(@PathParam("id") String id) {
        service.leaveQueue(id(id, "waiting request"), person());
    }

    @GET
    @Path("/resources/{name: .+}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Who holds a resource and who waits for it; a resource nobody ever locked is simply free")
    public ResourceState resource(@PathParam("name") String name, @QueryParam("team") String team) {
        Names.checked("resourceId", name);
        String ofTeam = caller.isService() && team != null ? team : caller.team();
        List<QueueEntry> queue = new ArrayList<>();
        for (Waiter waiter : service.waitingFor(ofTeam, name)) {
            Claim claim = waiter.claim();
            queue.add(new QueueEntry(
                    waiter.id(),
                    queue.size() + 1,
                    claim.resources(),
                    claim.ownerId(),
                    claim.ownerType(),
                    claim.priority().wire(),
                    waiter.arrivedAt()));
        }
        return new ResourceState(
                name,
                ofTeam,
                service.fencingToken(ofTeam, name),
                service.holder(ofTeam, name).orElse(null),
                queue);
    }

    private LeaseService.Person person() {
        boolean isService = caller.isService();
        return new LeaseService.Person(
                caller.actor(), isService ? null : caller.team(), isService, caller.has(Role.ADMIN), caller.traceId());
    }

    /** What is no id names nothing. */
    private static UUID id(String id, String what) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound(what);
        }
    }
}
