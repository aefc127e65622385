package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.platform.auth.Requester;
import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The orchestrator's REST API, the part used here. */
@RegisterRestClient(configKey = "orchestrator")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1")
@Consumes(MediaType.APPLICATION_JSON)
interface PlanClient {

    @POST
    @Path("/requests")
    JsonNode request(
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor,
            @HeaderParam("Idempotency-Key") String key,
            @HeaderParam("traceparent") String trace,
            ObjectNode request);

    @GET
    @Path("/plans/{id}")
    JsonNode plan(@PathParam("id") String id, @HeaderParam("traceparent") String trace);

    @POST
    @Path("/plans/{id}/cancel")
    JsonNode cancel(
            @PathParam("id") String id,
            @HeaderParam(Requester.TEAM_HEADER) String team,
            @HeaderParam(Requester.ACTOR_HEADER) String actor,
            @HeaderParam("traceparent") String trace,
            ObjectNode reason);
}
