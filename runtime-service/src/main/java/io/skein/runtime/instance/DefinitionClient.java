package io.skein.runtime.instance;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The registry's definitions. */
@RegisterRestClient(configKey = "registry")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1/agents")
interface DefinitionClient {

    /** @param status draft, published or deprecated */
    record Definition(String id, String version, String status, JsonNode definition) {}

    record Listed(String id) {}

    record Definitions(List<Listed> items, String next) {}

    @GET
    @Path("/{id}")
    Definition get(@PathParam("id") String id, @QueryParam("version") String range, @QueryParam("team") String team);

    @GET
    Definitions list(@QueryParam("team") String team, @QueryParam("size") int size, @QueryParam("after") String after);
}
