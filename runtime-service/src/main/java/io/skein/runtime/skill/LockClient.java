package io.skein.runtime.skill;

import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The lock service's REST API, the part used here. */
@RegisterRestClient(configKey = "lock")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1/locks")
interface LockClient {

    record Acquire(
            List<String> resourceIds,
            String ownerId,
            String ownerType,
            String team,
            long ttlSeconds,
            String priority,
            long waitSeconds,
            String requestId,
            Map<String, String> metadata) {}

    record Lock(
            String id,
            String requestId,
            List<String> resourceIds,
            Map<String, Long> fencingTokens,
            Instant expiresAt) {}

    record Locks(List<Lock> items) {}

    record Waiter(String id, String ownerId) {}

    record Resource(List<Waiter> queue) {}

    record Renew(long ttlSeconds) {}

    @POST
    Lock acquire(@HeaderParam("traceparent") String trace, Acquire request);

    @GET
    Locks ofOwner(@QueryParam("owner") String owner, @QueryParam("team") String team, @QueryParam("size") int size);

    @POST
    @Path("/{id}/renew")
    Lock renew(@PathParam("id") String id, @HeaderParam("traceparent") String trace, Renew request);

    @DELETE
    @Path("/{id}")
    void release(@PathParam("id") String id, @HeaderParam("traceparent") String trace);

    @GET
    @Path("/resources/{name}")
    Resource resource(@PathParam("name") String name, @QueryParam("team") String team);

    @DELETE
    @Path("/queue/{id}")
    void leaveQueue(@PathParam("id") String id);
}
