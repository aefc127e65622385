package io.skein.runtime.alert;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/events/builds}: what a build server has to say. */
@Path("/api/v1/events/builds")
@RunOnVirtualThread
@Tag(name = "events")
public class BuildResource {

    record Published(UUID id) {}

    @Inject
    ReportService reports;

    @Inject
    Caller caller;

    @POST
    @Path("/deployed")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "A build is live: publishes build.deployed")
    public Response deployed(
            @HeaderParam("Idempotency-Key") String key,
            @NotNull(message = "a body is needed") @Valid Report.BuildDeployed body) {
        return publish(body, key);
    }

    private Response publish(Report report, String key) {
        UUID id = reports.publish(
                report, new ReportService.Reporter(caller.team(), caller.actor(), caller.traceId()), key);
        return Response.status(Response.Status.CREATED)
                .entity(new Published(id))
                .build();
    }
}
