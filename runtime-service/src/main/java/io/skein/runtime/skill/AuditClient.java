package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.platform.auth.Requester;
import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The audit service's REST API, the part used here. */
@RegisterRestClient(configKey = "audit")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1/audit")
interface AuditClient {

    @GET
    @Path("/entries")
    JsonNode entries(
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor,
            @HeaderParam("traceparent") String trace,
            @QueryParam("from") String from,
            @QueryParam("to") String to,
            @QueryParam("type") String type,
            @QueryParam("actor") String by,
            @QueryParam("status") String status,
            @QueryParam("planId") String planId,
            @QueryParam("resource") String resource,
            @QueryParam("q") String q,
            @QueryParam("size") int size);
}
