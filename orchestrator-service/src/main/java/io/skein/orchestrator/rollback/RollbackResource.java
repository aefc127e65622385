package io.skein.orchestrator.rollback;

import io.skein.orchestrator.plan.PlanView;
import io.skein.platform.auth.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/plans/{id}/rollback}. */
@Path("/api/v1/plans/{id}/rollback")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "plans")
public class RollbackResource {

    @Inject
    RollbackService service;

    @POST
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(
            summary = "A plan that undoes the completed steps of this one, the last first; it has to be approved like"
                    + " any other")
    public Response rollback(@PathParam("id") String id) {
        PlanView plan = service.propose(id);
        return Response.status(Response.Status.CREATED).entity(plan).build();
    }
}
