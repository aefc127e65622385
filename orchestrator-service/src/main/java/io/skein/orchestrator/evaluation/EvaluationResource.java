package io.skein.orchestrator.evaluation;

import io.skein.orchestrator.plan.StepScores.Score;
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

/** {@code /api/v1/tasks/{id}/evaluations}. */
@Path("/api/v1/tasks/{id}/evaluations")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "tasks")
public class EvaluationResource {

    @Inject
    EvaluationService service;

    @Inject
    Caller caller;

    /** @param scores by dimension: completeness, correctness, security, standards, testability; 0..100 with a reason */
    public record NewEvaluation(Map<String, Score> scores, String comment) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "What the rules, agents and people think of it; the rules first, then oldest first")
    public Page<Evaluation> list(
            @PathParam("id") String id, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        return service.list(id, size, after);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.APPROVER, Role.Names.SERVICE})
    @Operation(summary = "Say what you think of it; a service says what another agent than the one that did it thinks")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Evaluation.class)))
    public Response evaluate(
            @PathParam("id") String id,
            NewEvaluation body,
            @HeaderParam("Idempotency-Key") String key,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor) {
        NewEvaluation wanted = TaskInput.body(body);
        Evaluation made = service.evaluate(
                id, wanted.scores(), wanted.comment(), Requester.of(caller, team, actor), Repeats.key(key));
        return Response.created(URI.create("/api/v1/tasks/" + id + "/evaluations"))
                .entity(made)
                .build();
    }
}
