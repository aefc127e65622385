package io.skein.frontdoor.fleet;

import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Which services are ready. */
@Path("/")
@RunOnVirtualThread
@Tag(name = "fleet")
public class FleetResource {

    @Inject
    FleetMonitor monitor;

    /** The fleet in one word and one word per service; no reasons, anybody may read it. */
    public record Glance(String status, List<Named> services) {}

    /** A service and its status. */
    public record Named(String name, String status) {}

    @GET
    @Path("/api/v1/fleet")
    @RolesAllowed(Role.Names.VIEWER)
    public Page<FleetMonitor.ServiceHealth> fleet() {
        return new Page<>(monitor.services(), null);
    }

    @GET
    @Path("/health")
    @PermitAll
    public Response health() {
        List<FleetMonitor.ServiceHealth> services = monitor.services();
        boolean ready = services.stream().allMatch(FleetMonitor.ServiceHealth::isReady);
        return Response.ok(new Glance(
                        ready ? "ready" : "degraded",
                        services.stream()
                                .map(service -> new Named(service.name(), service.status()))
                                .toList()))
                .header("Cache-Control", "no-store")
                .build();
    }
}
