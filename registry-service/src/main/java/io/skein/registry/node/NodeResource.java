package io.skein.registry.node;

import io.skein.contracts.wire.WireFormat;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Machines of the caller's team. A service says which team it asks for; without one it sees all. */
@Path("/api/v1/nodes")
@RunOnVirtualThread
@Tag(name = "nodes")
public class NodeResource {

    private static final int MAX_POINTS = 500;
    private static final int MAX_HISTORY_MINUTES = 7 * 24 * 60;

    record History(String node, int bucketSeconds, List<NodeHistory.Point> items) {}

    @Inject
    NodeService nodes;

    @Inject
    Caller caller;

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The team's machines")
    public Page<Node> list(
            @QueryParam("status") String status,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after,
            @QueryParam("team") String team) {
        if (status != null && !status.equals("online") && !status.equals("offline")) {
            throw ProblemException.invalid("status", "must be online or offline");
        }
        return nodes.list(caller.isService() ? team : caller.team(), status, cursor(after), Page.size(size));
    }

    @GET
    @Path("/{name}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One machine: when it was heard of last, what it has and uses")
    public Response get(@PathParam("name") String name, @QueryParam("team") String team, @Context Request conditions) {
        Node node = nodes.get(teamOr(team), name);
        EntityTag tag =
                new EntityTag(UUID.nameUUIDFromBytes(WireFormat.write(node)).toString());
        Response.ResponseBuilder unchanged = conditions.evaluatePreconditions(tag);
        return unchanged != null
                ? unchanged.build()
                : Response.ok(node).tag(tag).build();
    }

    @GET
    @Path("/{name}/history")
    @RolesAllowed(Role.Names.VIEWER)
    @Operation(summary = "Its figures of the last minutes, for plots")
    public History history(@PathParam("name") String name, @QueryParam("minutes") @DefaultValue("60") int minutes) {
        if (minutes < 1 || minutes > MAX_HISTORY_MINUTES) {
            throw ProblemException.invalid("minutes", "must be 1.." + MAX_HISTORY_MINUTES);
        }
        int bucketSeconds = Math.max(1, minutes * 60 / MAX_POINTS);
        return new History(
                name,
                bucketSeconds,
                nodes.history(caller.team(), name, Duration.ofMinutes(minutes), Duration.ofSeconds(bucketSeconds)));
    }

    @POST
    @Path("/{name}/cordon")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Give it no new work")
    public Node cordon(@PathParam("name") String name) {
        return nodes.cordon(caller.team(), name, true, caller.actor(), caller.traceId());
    }

    @POST
    @Path("/{name}/uncordon")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Give it work again")
    public Node uncordon(@PathParam("name") String name) {
        return nodes.cordon(caller.team(), name, false, caller.actor(), caller.traceId());
    }

    @DELETE
    @Path("/{name}")
    @RolesAllowed(Role.Names.ADMIN)
    @Operation(summary = "Forget a machine that is gone")
    public void remove(@PathParam("name") String name) {
        nodes.remove(caller.team(), name, caller.actor(), caller.traceId());
    }

    private String teamOr(String asked) {
        return caller.isService() && asked != null ? asked : caller.team();
    }

    private static NodeRepository.Key cursor(String after) {
        if (after == null || after.isEmpty()) {
            return null;
        }
        int slash = after.indexOf('/');
        if (slash < 1) {
            throw ProblemException.invalid("after", "is not a cursor this list gave out");
        }
        return new NodeRepository.Key(after.substring(0, slash), after.substring(slash + 1));
    }
}
