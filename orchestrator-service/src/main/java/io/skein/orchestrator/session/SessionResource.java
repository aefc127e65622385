package io.skein.orchestrator.session;

import io.skein.orchestrator.repeat.Repeats;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Jdbi;

/** {@code /api/v1/sessions}: only one's own. */
@Path("/api/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Role.Names.VIEWER)
@Tag(name = "sessions")
public class SessionResource {

    @Inject
    Jdbi jdbi;

    @Inject
    SessionRepository sessions;

    @Inject
    ArtefactRepository artefacts;

    @Inject
    SessionService service;

    @Inject
    Caller caller;

    public record NewSession(String title) {}

    public record Rename(String title) {}

    @GET
    @Operation(summary = "Sessions, newest first")
    public Page<Session> list(
            @QueryParam("size") Integer size,
            @QueryParam("after") String after,
            @Parameter(description = "active (the default), archived or all") @QueryParam("status") String status,
            @Parameter(description = "intake, planning, approval, execution or review") @QueryParam("stage")
                    String stage) {
        int limit = Page.size(size);
        UUID cursor = Page.afterId(after);
        Boolean archived = archived(status);
        Stage wanted = stage(stage);
        List<Session> found = jdbi.withHandle(
                handle -> sessions.list(handle, caller.team(), caller.name(), archived, wanted, cursor, limit + 1));
        return Page.of(found, limit, session -> session.id().toString());
    }

    private static Boolean archived(String status) {
        return switch (status == null || status.isBlank() ? Session.ACTIVE : status) {
            case Session.ACTIVE -> false;
            case Session.ARCHIVED -> true;
            case "all" -> null;
            default -> throw ProblemException.invalid("status", "must be active, archived or all");
        };
    }

    private static Stage stage(String stage) {
        return stage == null || stage.isBlank()
                ? null
                : Stage.fromWire(stage)
                        .orElseThrow(() -> ProblemException.invalid(
                                "stage", "must be intake, planning, approval, execution or review"));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Begin a session")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Session.class)))
    public Response create(NewSession body, @HeaderParam("Idempotency-Key") String key) {
        Session session = service.create(body == null ? null : body.title(), Repeats.key(key));
        return Response.created(URI.create("/api/v1/sessions/" + session.id()))
                .header(HttpHeaders.ETAG, session.etag())
                .entity(session)
                .build();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One session, and its way through the stages")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Session.WithStages.class)))
    public Response get(@PathParam("id") String id) {
        Session.WithStages shown = jdbi.withHandle(handle -> {
            Session session = service.own(handle, id);
            return new Session.WithStages(session, sessions.stages(handle, session));
        });
        return Response.ok(shown)
                .header(HttpHeaders.ETAG, shown.session().etag())
                .build();
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Rename it; needs If-Match")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Session.class)))
    public Response rename(@PathParam("id") String id, Rename body, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
        return shown(service.rename(id, body == null ? null : body.title(), ifMatch));
    }

    @POST
    @Path("/{id}/archive")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Put it away; it stays readable, and takes no requests")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Session.class)))
    public Response archive(@PathParam("id") String id) {
        return shown(service.archive(id, true));
    }

    @POST
    @Path("/{id}/restore")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Take it out of the archive")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Session.class)))
    public Response restore(@PathParam("id") String id) {
        return shown(service.archive(id, false));
    }

    @DELETE
    @Path("/{id}")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Delete it and what was said in it; its plans stay, they are evidence")
    public void delete(@PathParam("id") String id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
        service.delete(id, ifMatch);
    }

    @GET
    @Path("/{id}/artefacts")
    @Operation(summary = "What each stage left behind, plan by plan")
    public Page<Artefact> artefacts(
            @PathParam("id") String id,
            @QueryParam("stage") String stage,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after) {
        int limit = Page.size(size);
        Stage wanted = stage(stage);
        Artefact.Place place = place(after);
        List<Artefact> found = jdbi.withHandle(
                handle -> artefacts.of(handle, service.own(handle, id).id(), wanted, place, limit + 1));
        return Page.of(found, limit, artefact -> artefact.place().wire());
    }

    private static Artefact.Place place(String after) {
        try {
            return after == null || after.isEmpty() ? null : Artefact.Place.of(after);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("after", "is not a cursor this list gave out");
        }
    }

    private static Response shown(Session session) {
        return Response.ok(session).header(HttpHeaders.ETAG, session.etag()).build();
    }
}
