package io.skein.orchestrator.approval;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.orchestrator.plan.PlanEvent;
import io.skein.orchestrator.plan.PlanView;
import io.skein.orchestrator.planning.Edit;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
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
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/plans}. */
@Path("/api/v1/plans")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "plans")
public class PlanResource {

    private static final int MAX_REASON = 1000;
    private static final int MAX_TEXT = 8000;
    private static final int MAX_EDITS = 100;

    @Inject
    PlanReader reader;

    @Inject
    PlanDecisions decisions;

    @Inject
    PlanChanges changes;

    @Inject
    Caller caller;

    @Inject
    ObjectMapper mapper;

    /** @param planHash the hash of what was seen; another one is refused */
    public record Approve(String planHash) {}

    public record Reason(String reason) {}

    /** Either words, or edits and an order. */
    public record Modify(String text, List<Edit.OfStep> steps, List<Integer> order) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Plans, newest first")
    public Page<PlanReader.PlanSummary> list(
            @QueryParam("size") Integer size, @QueryParam("after") String after, @QueryParam("status") String status) {
        return reader.list(size, after, status);
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One plan, the newest version unless another is asked for")
    public PlanView get(@PathParam("id") String id, @QueryParam("version") Integer version) {
        return reader.view(id, version);
    }

    @GET
    @Path("/{id}/versions")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "All versions with what changed")
    public Page<PlanReader.VersionSummary> versions(@PathParam("id") String id) {
        return reader.versions(id);
    }

    @GET
    @Path("/{id}/versions/{version}/diff")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "What is different between this version and another, the newest unless one is named")
    public VersionDiff diff(
            @PathParam("id") String id, @PathParam("version") int version, @QueryParam("to") Integer to) {
        return reader.diff(id, version, to);
    }

    @GET
    @Path("/{id}/preview")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "What each step would change, as check mode tells; or why that is not known")
    public PlanPreview preview(@PathParam("id") String id, @QueryParam("version") Integer version) {
        return reader.preview(id, version);
    }

    @POST
    @Path("/{id}/preview")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Ask anew what each step would change; changes nothing")
    public PlanPreview askPreview(@PathParam("id") String id) {
        return decisions.preview(id);
    }

    @GET
    @Path("/{id}/steps/{number}/log")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "What happened in a step, in order")
    public Page<PlanEvent> log(
            @PathParam("id") String id,
            @PathParam("number") int number,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after) {
        return reader.log(id, number, size, after);
    }

    @POST
    @Path("/{id}/approve")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.APPROVER)
    @Operation(
            summary =
                    "Approve exactly this plan; it starts at once, or waits for a second person where the policy wants"
                            + " two")
    @RequestBody(content = @Content(schema = @Schema(implementation = Approve.class)))
    public PlanView approve(@PathParam("id") String id, byte[] body) throws IOException {
        Approve approve = optional(body, Approve.class);
        return decisions.approve(id, approve == null ? null : approve.planHash());
    }

    @POST
    @Path("/{id}/reject")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.APPROVER)
    @Operation(summary = "Reject with a reason")
    public PlanView reject(@PathParam("id") String id, Reason body) {
        String reason = reason(body);
        if (reason == null) {
            throw ProblemException.invalid("reason", "say why");
        }
        return decisions.reject(id, reason);
    }

    @POST
    @Path("/{id}/modify")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Make the next version, from words or from edits")
    public PlanView modify(@PathParam("id") String id, Modify body) {
        if (body == null) {
            throw ProblemException.invalid("text", "give text, or steps and order");
        }
        Edit edit = new Edit(body.steps(), body.order());
        boolean words = body.text() != null && !body.text().isBlank();
        if (words != edit.isEmpty()) {
            throw ProblemException.invalid("text", "give either text, or steps and order");
        }
        if (words && body.text().length() > MAX_TEXT) {
            throw ProblemException.invalid("text", "must be at most " + MAX_TEXT + " characters");
        }
        if (edit.steps().size() > MAX_EDITS || edit.order().size() > MAX_EDITS) {
            throw ProblemException.invalid("steps", "at most " + MAX_EDITS + " edits at once");
        }
        return changes.modify(id, words ? body.text().strip() : null, edit);
    }

    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    @Operation(summary = "Stop it; a running playbook is told to stop. A service may stop an agent's own plan")
    @RequestBody(content = @Content(schema = @Schema(implementation = Reason.class)))
    public PlanView cancel(
            @PathParam("id") String id,
            byte[] body,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor)
            throws IOException {
        return decisions.cancel(id, reason(optional(body, Reason.class)), Requester.of(caller, team, actor));
    }

    @POST
    @Path("/{id}/pause")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Start no further step")
    public PlanView pause(@PathParam("id") String id) {
        return decisions.pause(id);
    }

    @POST
    @Path("/{id}/resume")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(
            summary = "Go on after a pause; or, in a new version, from the step that failed. It is approved again first"
                    + " unless nothing changed")
    public PlanView resume(@PathParam("id") String id) {
        return decisions.resume(id);
    }

    /** A decision that needs nothing said works without a body, and so without a content type. */
    private <T> T optional(byte[] body, Class<T> type) throws IOException {
        return body == null || body.length == 0 ? null : mapper.readValue(body, type);
    }

    private static String reason(Reason body) {
        if (body == null || body.reason() == null || body.reason().isBlank()) {
            return null;
        }
        if (body.reason().length() > MAX_REASON) {
            throw ProblemException.invalid("reason", "must be at most " + MAX_REASON + " characters");
        }
        return body.reason().strip();
    }
}
