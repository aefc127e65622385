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

/** {@code /api/v1/events/alerts}, {@code /api/v1/events/builds}: what people and build servers have to say in a form of its own. */
@Path("/api/v1/events")
@RunOnVirtualThread
@Tag(name = "events")
public class ReportResource {

    record Published(UUID id) {}

    @Inject
    ReportService reports;

    @Inject
    Caller caller;

    @POST
    @Path("/alerts/blackscreen")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "A screen shows nothing: publishes alert.blackscreen, critical")
    public Response blackScreen(
            @HeaderParam("Idempotency-Key") String key,
            @NotNull(message = "a body is needed") @Valid Report.BlackScreen body) {
        return publish(body, key);
    }

    @POST
    @Path("/alerts/device-offline")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "A device is gone: publishes alert.device.offline, critical")
    public Response deviceOffline(
            @HeaderParam("Idempotency-Key") String key,
            @NotNull(message = "a body is needed") @Valid Report.DeviceOffline body) {
        return publish(body, key);
    }

    @POST
    @Path("/builds/deployed")
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
