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
import jakarta.ws.rs.QueryParam;
import java.util.List;

/** Agent definitions of the caller's team and the shipped ones. */
@Path("/api/v1/agents")
@RunOnVirtualThread
public class AgentResource {

    record Matches(List<DefinitionService.Match> items) {}

    @Inject
    DefinitionService definitions;

    @Inject
    Caller caller;

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    public Page<DefinitionService.View> list(
            @QueryParam("size") Integer size, @QueryParam("after") String after, @QueryParam("team") String team) {
        return definitions.list(teamOr(team), after, Page.size(size));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    public DefinitionService.View get(@PathParam("id") String id, @QueryParam("team") String team) {
        return definitions.get(teamOr(team), id);
    }

    /** Which agents an event of this type wakes. */
    @GET
    @Path("/events/{type}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    public Matches wokenBy(@PathParam("type") String type, @QueryParam("team") String team) {
        if (!EventPattern.isType(type)) {
            throw ProblemException.invalid("type", "is not an event type like step.failed");
        }
        return new Matches(definitions.wokenBy(teamOr(team), type));
    }

    private String teamOr(String asked) {
        return caller.isService() && asked != null ? asked : caller.team();
    }
}
