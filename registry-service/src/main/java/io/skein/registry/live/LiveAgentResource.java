package io.skein.registry.live;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Agent processes of the caller's team; a service says which team, or sees all. */
@Path("/api/v1/agents/live")
@RunOnVirtualThread
@Tag(name = "agents")
public class LiveAgentResource {

    record LiveAgents(List<LiveAgent> items) {}

    @Inject
    LiveAgentService agents;

    @Inject
    Caller caller;

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Agent processes that are there now, with what they can and how busy they are")
    public LiveAgents list(@QueryParam("capability") String capability, @QueryParam("team") String team) {
        return new LiveAgents(agents.list(caller.isService() ? team : caller.team(), capability));
    }
}
