package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The shipped definitions as files to begin with: take one, change it, import it. */
@Path("/api/v1/templates")
@RunOnVirtualThread
@Tag(name = "agents")
public class TemplateResource {

    record Template(String id, String name, String version, String type, String description, List<String> skills) {}

    record Templates(List<Template> items) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The definitions that come with Skein, to begin with")
    public Templates list() {
        return new Templates(ShippedAgents.FILES.stream()
                .map(ShippedAgents::read)
                .map(TemplateResource::template)
                .toList());
    }

    /** The file, comments and all. */
    @GET
    @Path("/{id}")
    @Produces(AgentResource.YAML)
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One of them as the YAML file it is, comments and all")
    public String get(@PathParam("id") String id) {
        if (!ShippedAgents.FILES.contains(id)) {
            throw ProblemException.notFound("template " + id);
        }
        return ShippedAgents.text(id);
    }

    private static Template template(JsonNode document) {
        JsonNode metadata = document.path("metadata");
        return new Template(
                metadata.path("id").asText(),
                metadata.path("name").asText(),
                metadata.path("version").asText(),
                metadata.path("type").asText(),
                metadata.path("description").asText(),
                document.path("skills").findValuesAsText("name"));
    }
}
