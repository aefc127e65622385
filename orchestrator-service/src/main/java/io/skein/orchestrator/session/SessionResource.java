package io.skein.orchestrator.session;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** {@code /api/v1/sessions}: only one's own. */
@Path("/api/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Role.Names.VIEWER)
@Tag(name = "sessions")
public class SessionResource {

    private static final int MAX_TITLE = 200;

    @Inject
    Jdbi jdbi;

    @Inject
    SessionRepository sessions;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    public record NewSession(String title) {}

    @GET
    @Operation(summary = "Sessions, newest first")
    public Page<Session> list(@QueryParam("size") Integer size, @QueryParam("after") String after) {
        int limit = Page.size(size);
        UUID cursor = Page.afterId(after);
        List<Session> found =
                jdbi.withHandle(handle -> sessions.list(handle, caller.team(), caller.name(), cursor, limit + 1));
        return Page.of(found, limit, session -> session.id().toString());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Begin a session")
    public Response create(NewSession body) {
        String title = body == null || body.title() == null || body.title().isBlank() ? "New session" : body.title();
        if (title.length() > MAX_TITLE) {
            throw ProblemException.invalid("title", "must be at most " + MAX_TITLE + " characters");
        }
        Session session =
                jdbi.inTransaction(tx -> sessions.create(tx, caller.team(), caller.name(), title, clock.instant()));
        return Response.created(URI.create("/api/v1/sessions/" + session.id()))
                .entity(session)
                .build();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One session")
    public Session get(@PathParam("id") String id) {
        return jdbi.withHandle(handle -> own(handle, id));
    }

    @GET
    @Path("/{id}/messages")
    @Operation(summary = "What was said, oldest first")
    public Page<Message> messages(
            @PathParam("id") String id, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        int limit = Page.size(size);
        UUID cursor = Page.afterId(after);
        List<Message> found = jdbi.withHandle(
                handle -> sessions.messages(handle, own(handle, id).id(), cursor, limit + 1));
        return Page.of(found, limit, message -> message.id().toString());
    }

    private Session own(Handle handle, String id) {
        try {
            return sessions.find(handle, UUID.fromString(id))
                    .filter(session -> session.team().equals(caller.team())
                            && session.owner().equals(caller.name()))
                    .orElseThrow(() -> ProblemException.notFound("such session"));
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("such session");
        }
    }
}
