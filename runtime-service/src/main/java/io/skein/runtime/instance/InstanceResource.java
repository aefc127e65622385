package io.skein.runtime.instance;

import com.fasterxml.jackson.databind.JsonNode;
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
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/runtime}: the team's agents at work. */
@Path("/api/v1/runtime")
@RunOnVirtualThread
@Tag(name = "runtime")
public class InstanceResource {

    @Inject
    InstanceService service;

    @Inject
    RuntimeStatus status;

    @Inject
    Caller caller;

    /**
     * @param agent the definition's id
     * @param version a version or a range like {@code >=1.0.0}; default latest
     * @param another true starts one more of a version that is at work already
     */
    public record Start(
            @NotNull @Pattern(regexp = "[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?", message = "is not the id of an agent")
            String agent,

            @Size(max = 100) String version,
            Boolean another) {}

    /** An instance with the definition it follows. */
    public record Detailed(AgentInstance instance, JsonNode definition) {}

    public record Instances(List<AgentInstance> items) {}

    @GET
    @Path("/instances")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Instances, newest first; stopped ones only with stopped=true")
    public Page<AgentInstance> list(
            @QueryParam("agent") String agent,
            @QueryParam("stopped") boolean stopped,
            @QueryParam("team") String team,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after) {
        int limit = Page.size(size);
        return Page.of(
                service.list(team, agent, stopped, Page.afterId(after), limit + 1), limit, instance -> instance.id()
                        .toString());
    }

    @GET
    @Path("/instances/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One instance, with the definition it was started with")
    public Detailed get(@PathParam("id") String id) {
        AgentInstance instance = service.get(id(id));
        return new Detailed(instance, instance.definition());
    }

    @POST
    @Path("/instances/start")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Start a published agent; 409 when that version is at work already")
    public Response start(
            @HeaderParam("Idempotency-Key") String key, @NotNull(message = "a body is needed") @Valid Start body) {
        AgentInstance instance = service.start(body, GivenKeys.checked(key));
        return Response.created(URI.create("/api/v1/runtime/instances/" + instance.id()))
                .entity(instance)
                .build();
    }

    @POST
    @Path("/instances/{id}/stop")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "End it for good; its tasks are cancelled and what they hold is given back")
    public AgentInstance stop(@PathParam("id") String id) {
        return service.stop(id(id));
    }

    @POST
    @Path("/instances/{id}/pause")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Begin no further step; new tasks wait")
    public AgentInstance pause(@PathParam("id") String id) {
        return service.pause(id(id));
    }

    @POST
    @Path("/instances/{id}/resume")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Go on, also after an error")
    public AgentInstance resume(@PathParam("id") String id) {
        return service.resume(id(id));
    }

    @POST
    @Path("/start")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Start all published agents of the team whose goal is continuous, and resume the paused ones")
    public Instances startAll() {
        return new Instances(service.startAll());
    }

    @POST
    @Path("/stop")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Stop all instances of the team")
    public Instances stopAll() {
        return new Instances(service.stopAll());
    }

    @GET
    @Path("/status")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "How many instances are in which state, and what their tasks do")
    public RuntimeStatus.Counts status(@QueryParam("team") String team) {
        return status.counts(caller.visibility(team).team());
    }

    private static UUID id(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("such instance");
        }
    }
}
