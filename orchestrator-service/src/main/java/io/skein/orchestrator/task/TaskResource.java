package io.skein.orchestrator.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.approval.PlanReader;
import io.skein.orchestrator.repeat.Repeats;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Jdbi;

/** {@code /api/v1/tasks}. */
@Path("/api/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "tasks")
public class TaskResource {

    private static final String MERGE_PATCH = "application/merge-patch+json";

    @Inject
    Jdbi jdbi;

    @Inject
    TaskReader reader;

    @Inject
    TaskService service;

    @Inject
    ActivityRepository activities;

    @Inject
    Caller caller;

    /** The shape of a change, for the OpenAPI document; it is read as a merge patch. */
    public record Change(
            String title,
            String description,
            String status,
            String statusReason,
            String priority,
            String agent,
            JsonNode metadata) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Tasks that are part of no other, plans' executions among them, newest first")
    public Page<Task> list(
            @QueryParam("size") Integer size,
            @QueryParam("after") String after,
            @Parameter(description = "any of these, with commas between") @QueryParam("status") String status,
            @Parameter(description = "any of these, with commas between") @QueryParam("priority") String priority,
            @Parameter(description = "own or plan") @QueryParam("kind") String kind,
            @QueryParam("agent") String agent,
            @QueryParam("planId") String planId,
            @QueryParam("sessionId") String sessionId,
            @QueryParam("parentId") String parentId,
            @Parameter(description = "words of title and description; \"a phrase\", or, -not") @QueryParam("q")
                    String words,
            @Parameter(description = "true: only what waits for a person") @QueryParam("atCheckpoint")
                    Boolean atCheckpoint,
            @Parameter(description = "created, updated, priority, title; -created and so on") @QueryParam("sort")
                    String sort) {
        return reader.list(TaskQuery.of(
                size, after, status, priority, kind, agent, planId, sessionId, parentId, words, atCheckpoint, sort));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Write down a task")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Task.class)))
    public Response create(
            NewTask body,
            @HeaderParam("Idempotency-Key") String key,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor) {
        return created(service.create(body, null, Requester.of(caller, team, actor), Repeats.key(key)));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One task: one of its own kind, a plan's (by the plan's id) or a step's (by the step's id)")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Task.class)))
    public Response get(@PathParam("id") String id) {
        return shown(jdbi.withHandle(handle -> reader.task(handle, id)));
    }

    @PATCH
    @Path("/{id}")
    @Consumes({MediaType.APPLICATION_JSON, MERGE_PATCH})
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Change it or move it on; needs If-Match. Of a plan's task only description and metadata")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Task.class)))
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Change.class)))
    public Response change(
            @PathParam("id") String id,
            JsonNode body,
            @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor) {
        return shown(service.change(id, TaskChange.of(body), ifMatch, Requester.of(caller, team, actor)));
    }

    @DELETE
    @Path("/{id}")
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Delete it with its subtasks; never a plan's")
    public void delete(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor) {
        service.delete(id, ifMatch, Requester.of(caller, team, actor));
    }

    @GET
    @Path("/{id}/subtasks")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Its parts; of a plan's task the steps, in order")
    public Page<Task> subtasks(
            @PathParam("id") String id, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        return reader.parts(id, size, after);
    }

    @POST
    @Path("/{id}/subtasks")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Write down a part of a task")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Task.class)))
    public Response addSubtask(
            @PathParam("id") String id,
            NewTask body,
            @HeaderParam("Idempotency-Key") String key,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor) {
        return created(service.create(body, id, Requester.of(caller, team, actor), Repeats.key(key)));
    }

    @GET
    @Path("/{id}/activity")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "What happened to it and who did it, oldest first")
    public Page<ActivityRepository.Activity> activity(
            @PathParam("id") String id, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        int limit = Page.size(size);
        long seq = PlanReader.sequence("after", after);
        List<ActivityRepository.Activity> found =
                jdbi.withHandle(handle -> activities.of(handle, reader.task(handle, id), seq, limit + 1));
        return Page.of(found, limit, entry -> String.valueOf(entry.seq()));
    }

    private static Response created(Task task) {
        return Response.created(URI.create("/api/v1/tasks/" + task.id()))
                .header(HttpHeaders.ETAG, task.etag())
                .entity(task)
                .build();
    }

    private static Response shown(Task task) {
        return Response.ok(task).header(HttpHeaders.ETAG, task.etag()).build();
    }
}
