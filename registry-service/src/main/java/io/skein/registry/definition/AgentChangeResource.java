package io.skein.registry.definition;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Drafting, publishing and retiring the team's definitions. Bodies are YAML or JSON. */
@Path("/api/v1/agents")
@RunOnVirtualThread
@Tag(name = "agents")
public class AgentChangeResource {

    private static final String JSON = "application/json";
    private static final String OLD_YAML = "application/x-yaml";
    private static final String TEXT_YAML = "text/yaml";

    record Imports(List<LifecycleService.Imported> items) {}

    @Inject
    LifecycleService lifecycle;

    @Inject
    DefinitionService definitions;

    @Inject
    Caller caller;

    /** A draft. */
    @POST
    @Consumes({JSON, AgentResource.YAML, OLD_YAML, TEXT_YAML})
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Make a draft out of a YAML or JSON document; every violation is told with its path")
    public Response create(byte[] body, @HeaderParam("Content-Type") String type) {
        Definition draft = lifecycle.create(author(), DefinitionReader.one(body, type));
        return Response.created(URI.create("/api/v1/agents/" + draft.id()))
                .header("ETag", DefinitionView.tag(draft))
                .entity(definitions.view(caller.team(), draft))
                .build();
    }

    /** Drafts, from a file of several YAML documents or a JSON list: all of them or none. */
    @POST
    @Path("/import")
    @Consumes({JSON, AgentResource.YAML, OLD_YAML, TEXT_YAML})
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(
            summary =
                    "Make drafts of several documents, all or nothing; what is there already and says the same is left alone")
    public Imports importAll(byte[] body, @HeaderParam("Content-Type") String type) {
        return new Imports(lifecycle.importAll(author(), DefinitionReader.several(body, type)));
    }

    /** Changes the draft of the version the body names; {@code If-Match} is the ETag of what was read. */
    @PUT
    @Path("/{id}")
    @Consumes({JSON, AgentResource.YAML, OLD_YAML, TEXT_YAML})
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Change a draft; needs If-Match, and 409 when the version was published")
    public Response change(
            @PathParam("id") String id,
            byte[] body,
            @HeaderParam("Content-Type") String type,
            @HeaderParam("If-Match") String ifMatch) {
        return answer(lifecycle.change(author(), id, DefinitionReader.one(body, type), IfMatch.of(ifMatch)));
    }

    /** For good: it does not change any more. Without {@code version} the only draft. */
    @POST
    @Path("/{id}/publish")
    @RolesAllowed(Role.Names.ADMIN)
    @Operation(summary = "Publish a draft: for good, it never changes again")
    public Response publish(
            @PathParam("id") String id,
            @QueryParam("version") String version,
            @HeaderParam("If-Match") String ifMatch) {
        return answer(lifecycle.publish(author(), text("id", id), text("version", version), IfMatch.of(ifMatch)));
    }

    /** It wakes nobody any more and is not started again. Without {@code version} the only published one. */
    @POST
    @Path("/{id}/deprecate")
    @RolesAllowed(Role.Names.ADMIN)
    @Operation(summary = "Retire a published version: it wakes nobody and is not started any more")
    public Response deprecate(
            @PathParam("id") String id,
            @QueryParam("version") String version,
            @HeaderParam("If-Match") String ifMatch) {
        return answer(lifecycle.deprecate(author(), text("id", id), text("version", version), IfMatch.of(ifMatch)));
    }

    /** A draft. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed(Role.Names.ADMIN)
    @Operation(summary = "Delete a draft version")
    public void delete(
            @PathParam("id") String id,
            @QueryParam("version") String version,
            @HeaderParam("If-Match") String ifMatch) {
        if (version == null || version.isBlank()) {
            throw ProblemException.invalid("version", "is missing: a definition is deleted version by version");
        }
        lifecycle.delete(author(), text("id", id), text("version", version), IfMatch.of(ifMatch));
    }

    private Response answer(Definition definition) {
        return Response.ok(definitions.view(caller.team(), definition))
                .header("ETag", DefinitionView.tag(definition))
                .build();
    }

    private static String text(String field, String value) {
        return AgentResource.text(field, value);
    }

    private LifecycleService.Author author() {
        return new LifecycleService.Author(caller.team(), caller.actor(), caller.traceId());
    }
}
