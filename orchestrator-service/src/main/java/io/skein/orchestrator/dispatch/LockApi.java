package io.skein.orchestrator.dispatch;

import io.skein.platform.auth.ServiceAuthFilter;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The lock service's REST API, the part used here. */
@RegisterRestClient(configKey = "lock")
@RegisterProvider(ServiceAuthFilter.class)
@Path("/api/v1/locks")
interface LockApi {

    record Acquire(
            List<String> resourceIds,
            String ownerId,
            String ownerType,
            String team,
            long ttlSeconds,
            String priority,
            int waitSeconds,
            String requestId,
            Map<String, String> metadata) {}

    record Lock(String id, Instant expiresAt, Map<String, Long> fencingTokens) {}

    record Renew(long ttlSeconds) {}

    @POST
    Lock acquire(Acquire request);

    @POST
    @Path("/{id}/renew")
    Lock renew(@PathParam("id") String id, Renew request);

    @DELETE
    @Path("/{id}")
    void release(@PathParam("id") String id);
}
