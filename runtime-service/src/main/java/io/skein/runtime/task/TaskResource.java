package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/runtime/tasks}: what the team's agents do. What somebody's own event led to is theirs and the approvers'. */
@Path("/api/v1/runtime")
@RunOnVirtualThread
@Tag(name = "runtime")
public class TaskResource {

    private static final int MAX_DATA_BYTES = 64 * 1024;
    private static final int MAX_KEY = 128;
    private static final int MAX_REASON = 1000;

    /**
     * @param name like an event's type; rules have patterns of it under {@code on}
     * @param data a JSON object of at most 64 KiB
     */
    public record Given(
            @NotNull @Pattern(
                    regexp = "[a-z0-9_-]{1,64}(\\.[a-z0-9_-]{1,64}){0,15}",
                    message = "must be lower-case words joined by dots, like backup.check")
            @Size(max = 200) String name,

            JsonNode data,
            Priority priority) {}

    public record Reason(String reason) {}

    @Inject
    TaskService service;

    @Inject
    Caller caller;

    @POST
    @Path("/instances/{id}/tasks")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Give an instance something to do; it waits for its turn")
    public Response give(
            @PathParam("id") String id,
            @HeaderParam("Idempotency-Key") String key,
            @NotNull(message = "a body is needed") @Valid Given body) {
        if (key != null && (key.isBlank() || key.length() > MAX_KEY || key.indexOf('\0') >= 0)) {
            throw ProblemException.invalid("Idempotency-Key", "must be 1.." + MAX_KEY + " characters");
        }
        checkData(body.data());
        TaskView task = service.give(
                id(id, "such instance"),
                body.name(),
                body.data(),
                body.priority() == null ? Priority.NORMAL : body.priority(),
                key);
        return Response.created(URI.create("/api/v1/runtime/tasks/" + task.id()))
                .entity(task)
                .build();
    }

    @GET
    @Path("/tasks")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Tasks, newest first; with event those it led to: who worked on it, and when")
    public Page<TaskView> list(
            @QueryParam("instance") String instance,
            @QueryParam("event") String event,
            @QueryParam("agent") String agent,
            @QueryParam("status") String status,
            @QueryParam("name") String name,
            @QueryParam("team") String team,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after) {
        return page(instance, event, agent, status, name, false, team, size, after);
    }

    @GET
    @Path("/history")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Tasks that have ended, of an agent or an instance, newest first")
    public Page<TaskView> history(
            @QueryParam("agent") String agent,
            @QueryParam("instance") String instance,
            @QueryParam("team") String team,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after) {
        return page(instance, null, agent, null, null, true, team, size, after);
    }

    @GET
    @Path("/tasks/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One task with its steps and the tree of tasks it handed to others")
    public TaskView get(@PathParam("id") String id) {
        return service.get(id(id, "such task"));
    }

    @POST
    @Path("/tasks/{id}/cancel")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "End it; what it began is taken back")
    @RequestBody(content = @Content(schema = @Schema(implementation = Reason.class)))
    public TaskView cancel(@PathParam("id") String id, byte[] body) {
        return service.cancel(id(id, "such task"), reason(body));
    }

    @POST
    @Path("/tasks/{id}/release")
    @RolesAllowed(Role.Names.APPROVER)
    @Operation(summary = "Let the step run that waits for a person, and no other: step is its number")
    public TaskView release(@PathParam("id") String id, @QueryParam("step") Integer step) {
        return service.release(id(id, "such task"), step(step));
    }

    @POST
    @Path("/tasks/{id}/refuse")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.APPROVER)
    @Operation(summary = "Do not let the step run that waits for a person, step is its number; it fails")
    @RequestBody(content = @Content(schema = @Schema(implementation = Reason.class)))
    public TaskView refuse(@PathParam("id") String id, @QueryParam("step") Integer step, byte[] body) {
        return service.refuse(id(id, "such task"), step(step), reason(body));
    }

    private static int step(Integer step) {
        if (step == null || step < 1) {
            throw ProblemException.invalid("step", "must be the number of the step you looked at");
        }
        return step;
    }

    private Page<TaskView> page(
            String instance,
            String event,
            String agent,
            String status,
            String name,
            boolean ended,
            String team,
            Integer size,
            String after) {
        int limit = Page.size(size);
        var filter = new TaskRepository.Filter(
                caller.visibility(team),
                instance == null ? null : id(instance, "such instance"),
                event == null ? null : id(event, "such event"),
                agent,
                status == null ? null : status(status),
                ended,
                name,
                Page.afterId(after));
        return Page.of(service.list(filter, limit + 1), limit, task -> task.id().toString());
    }

    private static String status(String status) {
        try {
            return TaskStatus.fromWire(status).wire();
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("status", "is none of a task's states");
        }
    }

    private static void checkData(JsonNode data) {
        if (data == null || data.isNull()) {
            return;
        }
        if (!data.isObject()) {
            throw ProblemException.invalid("data", "must be a JSON object");
        }
        String json = WireFormat.writeString(data);
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_DATA_BYTES) {
            throw new ProblemException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "data may have " + MAX_DATA_BYTES + " bytes; put large things elsewhere.");
        }
        if (json.contains("\\u0000")) {
            throw ProblemException.invalid("data", "must not hold the character NUL");
        }
    }

    private static String reason(byte[] body) {
        if (body == null || body.length == 0) {
            return null;
        }
        Reason reason;
        try {
            reason = WireFormat.read(body, Reason.class);
        } catch (RuntimeException e) {
            throw new ProblemException(
                    ErrorCode.MALFORMED_BODY, "Send a JSON object with the member reason, or nothing.");
        }
        if (reason.reason() == null || reason.reason().isBlank()) {
            return null;
        }
        if (reason.reason().length() > MAX_REASON || reason.reason().indexOf('\0') >= 0) {
            throw ProblemException.invalid("reason", "must be at most " + MAX_REASON + " characters, and no NUL");
        }
        return reason.reason().strip();
    }

    private static UUID id(String id, String what) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound(what);
        }
    }
}
