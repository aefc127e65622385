package io.skein.orchestrator.routing;

import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The registry's REST API, the part used here. */
@RegisterRestClient(configKey = "registry")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1")
interface RegistryApi {

    record Agents(List<LiveAgent> items) {}

    record Nodes(List<FleetNode> items, String next) {}

    @GET
    @Path("/agents/live")
    Agents live(@QueryParam("capability") String capability);

    @GET
    @Path("/nodes")
    Nodes nodes(@QueryParam("size") int size, @QueryParam("after") String after);
}
