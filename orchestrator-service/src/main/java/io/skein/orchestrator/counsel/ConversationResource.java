package io.skein.orchestrator.counsel;

import io.skein.orchestrator.repeat.Repeats;
import io.skein.orchestrator.session.Message;
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
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/sessions/{id}/messages}: only of one's own. */
@Path("/api/v1/sessions/{id}/messages")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "sessions")
public class ConversationResource {

    @Inject
    Conversation conversation;

    /**
     * A question.
     *
     * @param planId the plan it is about; without one, the newest of the session
     */
    public record NewMessage(String text, String planId) {}

    @GET
    @RolesAllowed(Role.Names.VIEWER)
    @Operation(summary = "What was said, oldest first")
    public Page<Message> messages(
            @PathParam("id") String id, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        return conversation.list(id, size, after);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(
            summary = "Ask something about a plan",
            description =
                    "The answer is what a model says, or else what the plan's state says. It is text: nothing is changed, decided"
                            + " or run by it.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Message.class)))
    public Response ask(@PathParam("id") String id, NewMessage body, @HeaderParam("Idempotency-Key") String key) {
        if (body == null) {
            throw ProblemException.invalid("text", "is missing");
        }
        Message answer = conversation.answer(id, body.text(), body.planId(), Repeats.key(key));
        return Response.created(URI.create("/api/v1/sessions/" + id + "/messages"))
                .entity(answer)
                .build();
    }
}
