package io.skein.orchestrator.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.io.IOException;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/tasks/{id}/checkpoints}. Only people who approve decide at one; an agent never does. */
@Path("/api/v1/tasks/{id}/checkpoints")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "tasks")
public class CheckpointResource {

    @Inject
    CheckpointService service;

    @Inject
    Caller caller;

    @Inject
    ObjectMapper mapper;

    /**
     * @param beforeStep of a plan's task: the step that waits
     * @param question what to look at
     */
    public record NewCheckpoint(Integer beforeStep, String question) {}

    public record Note(String note) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Where a person has to look, or had to; oldest first")
    public Page<Checkpoint> list(
            @PathParam("id") String id, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        return service.list(id, size, after);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Have a person look before a step of the plan, or before the task starts or is completed")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Checkpoint.class)))
    public Response set(
            @PathParam("id") String id,
            NewCheckpoint body,
            @HeaderParam("Idempotency-Key") String key,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor) {
        NewCheckpoint wanted = TaskInput.body(body);
        Checkpoint made = service.set(
                id, wanted.beforeStep(), wanted.question(), Requester.of(caller, team, actor), Repeats.key(key));
        return Response.created(URI.create("/api/v1/tasks/" + id + "/checkpoints/" + made.id()))
                .entity(made)
                .build();
    }

    @POST
    @Path("/{checkpointId}/continue")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.APPROVER)
    @Operation(summary = "It was looked at and may go on")
    @RequestBody(content = @Content(schema = @Schema(implementation = Note.class)))
    public Checkpoint goOn(@PathParam("id") String id, @PathParam("checkpointId") String checkpointId, byte[] body)
            throws IOException {
        return service.decide(id, checkpointId, true, note(body));
    }

    @POST
    @Path("/{checkpointId}/stop")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.APPROVER)
    @Operation(
            summary =
                    "It was looked at and goes no further: the plan is cancelled, the task too, an escalation ends corrections")
    @RequestBody(content = @Content(schema = @Schema(implementation = Note.class)))
    public Checkpoint stop(@PathParam("id") String id, @PathParam("checkpointId") String checkpointId, byte[] body)
            throws IOException {
        return service.decide(id, checkpointId, false, note(body));
    }

    private String note(byte[] body) throws IOException {
        Note note = body == null || body.length == 0 ? null : mapper.readValue(body, Note.class);
        return note == null ? null : note.note();
    }
}
