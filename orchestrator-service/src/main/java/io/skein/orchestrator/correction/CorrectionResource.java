package io.skein.orchestrator.correction;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.repeat.Repeats;
import io.skein.orchestrator.task.TaskInput;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/tasks/{id}/corrections}. */
@Path("/api/v1/tasks/{id}/corrections")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "tasks")
public class CorrectionResource {

    @Inject
    CorrectionService service;

    @Inject
    Caller caller;

    /**
     * @param guidance what to do differently
     * @param variables of a step: what its variables are to be; empty runs it as it is, and without this member the guidance says it
     */
    public record NewCorrection(String guidance, Map<String, JsonNode> variables) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "What it was sent back for, all rounds, oldest first")
    public Page<Correction> list(
            @PathParam("id") String id, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        return service.list(id, size, after);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(
            summary =
                    "Send it back with guidance; a step is run again by a plan that needs approval. After three rounds a person decides")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Correction.class)))
    public Response correct(
            @PathParam("id") String id,
            NewCorrection body,
            @HeaderParam("Idempotency-Key") String key,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor) {
        NewCorrection wanted = TaskInput.body(body);
        Correction made = service.correct(
                id, wanted.guidance(), wanted.variables(), Requester.of(caller, team, actor), Repeats.key(key));
        return Response.created(URI.create("/api/v1/tasks/" + id + "/corrections"))
                .entity(made)
                .build();
    }
}
