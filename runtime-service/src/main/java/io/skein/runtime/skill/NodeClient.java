package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The registry's machines. */
@RegisterRestClient(configKey = "registry")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1/nodes")
interface NodeClient {

    @GET
    JsonNode list(
            @HeaderParam("traceparent") String trace,
            @QueryParam("team") String team,
            @QueryParam("size") int size,
            @QueryParam("after") String after);
}
