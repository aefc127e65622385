package io.skein.registry.definition;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Agent definitions of the caller's team and the shipped ones. A service says which team it asks for. */
@Path("/api/v1/agents")
@RunOnVirtualThread
@Tag(name = "agents")
public class AgentResource {

    static final String YAML = "application/yaml";

    record Matches(List<DefinitionService.Match> items) {}

    @Inject
    DefinitionService definitions;

    @Inject
    DefinitionSchema schema;

    @Inject
    Caller caller;

    /** Each definition once, without the whole document. */
    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(
            summary =
                    "Agent definitions of the team and the shipped ones, each once; published ones unless status says otherwise")
    public Page<DefinitionView> list(
            @QueryParam("status") String status,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after,
            @QueryParam("team") String team) {
        return definitions.find(
                teamOr(team),
                new DefinitionRepository.Filter(status(status), null, null, null),
                text("after", after),
                Page.size(size));
    }

    /** The same for those that fit; with words to look for, the best first. */
    @GET
    @Path("/search")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The same for those that fit the words, the tag or the type; the best first")
    public Page<DefinitionView> search(
            @QueryParam("q") String q,
            @QueryParam("tag") String tag,
            @QueryParam("type") String type,
            @QueryParam("status") String status,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after,
            @QueryParam("team") String team) {
        return definitions.find(
                teamOr(team),
                new DefinitionRepository.Filter(
                        status(status), q == null ? null : SearchWords.query(q), text("tag", tag), text("type", type)),
                text("after", after),
                Page.size(size));
    }

    /** The JSON Schema definitions are checked with. */
    @GET
    @Path("/schema")
    @Produces("application/schema+json")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The JSON Schema definitions are checked with")
    public String schema() {
        return schema.text();
    }

    /** One version, with the whole document; without {@code version} the newest published one. */
    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(
            summary =
                    "One version with the whole document: a version, a range or latest; its ETag is what If-Match takes")
    public Response get(
            @PathParam("id") String id, @QueryParam("version") String version, @QueryParam("team") String team) {
        Definition definition = definitions.get(teamOr(team), text("id", id), text("version", version));
        return Response.ok(definitions.view(teamOr(team), definition))
                .header("ETag", DefinitionView.tag(definition))
                .build();
    }

    @GET
    @Path("/{id}/versions")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Every version of a definition, newest first")
    public Page<DefinitionService.VersionView> versions(
            @PathParam("id") String id,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after,
            @QueryParam("team") String team) {
        return definitions.versions(teamOr(team), text("id", id), after, Page.size(size));
    }

    /** As YAML, to keep in a file and import again: the same definition comes out. */
    @GET
    @Path("/{id}/export")
    @Produces(YAML)
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One version as YAML, to keep and to import again")
    public Response export(
            @PathParam("id") String id, @QueryParam("version") String version, @QueryParam("team") String team) {
        Definition definition = definitions.get(teamOr(team), text("id", id), text("version", version));
        return Response.ok(DefinitionWriter.yaml(definition.document()))
                .header("ETag", DefinitionView.tag(definition))
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"" + definition.id() + "-" + definition.version() + ".yaml\"")
                .build();
    }

    /** Which agents an event of this type wakes; with {@code versions=all} each published version for itself, as it may be at work still. */
    @GET
    @Path("/events/{type}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(
            summary =
                    "Published definitions that an event of this type wakes, most urgent first: the newest versions, or with versions=all every one")
    public Matches wokenBy(
            @PathParam("type") String type, @QueryParam("versions") String versions, @QueryParam("team") String team) {
        if (!EventPattern.isType(type)) {
            throw ProblemException.invalid("type", "is not an event type like step.failed");
        }
        boolean all = "all".equals(versions);
        if (versions != null && !all && !versions.equals("newest")) {
            throw ProblemException.invalid("versions", "must be newest or all");
        }
        return new Matches(definitions.wokenBy(teamOr(team), type, all));
    }

    private String teamOr(String asked) {
        return caller.isService() && asked != null ? text("team", asked) : caller.team();
    }

    private static Definition.Status status(String asked) {
        return Arrays.stream(Definition.Status.values())
                .filter(status -> asked == null
                        ? status == Definition.Status.PUBLISHED
                        : status.wire().equals(asked))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid("status", "must be draft, published or deprecated"));
    }

    /** PostgreSQL has no text with a NUL in it. */
    static String text(String field, String value) {
        if (value != null && value.indexOf('\0') >= 0) {
            throw ProblemException.invalid(field, "must not hold a NUL");
        }
        return value;
    }
}
