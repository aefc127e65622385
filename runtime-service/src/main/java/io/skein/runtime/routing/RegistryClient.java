package io.skein.runtime.routing;

import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** What the router asks the registry. */
@RegisterRestClient(configKey = "registry")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1/agents")
interface RegistryClient {

    record Answer(List<Match> items) {}

    /** @param version null from a registry that does not say */
    record Match(String id, String version, List<Trigger> triggers) {}

    record Trigger(Map<String, String> filters) {}

    @GET
    @Path("/events/{type}")
    Answer wokenBy(
            @PathParam("type") String type, @QueryParam("team") String team, @QueryParam("versions") String versions);
}
