package io.skein.runtime.webhook;

import io.skein.platform.http.Trace;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The outside of a webhook: no token of ours is asked for, the sender proves itself as its format has it. */
@Path("/api/v1/webhooks/{id}/deliveries")
@RunOnVirtualThread
@Tag(name = "webhooks")
public class DeliveryResource {

    private static final byte[] NOTHING = new byte[0];

    @Inject
    DeliveryService deliveries;

    @Inject
    Trace trace;

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Deliver to a webhook; signed with its secret, or showing it, as its format has it")
    public Response deliver(@PathParam("id") String id, @Context HttpHeaders headers, byte[] body) {
        Map<String, List<String>> proof = new HashMap<>();
        for (String name : Delivered.HEADERS) {
            List<String> values = headers.getRequestHeader(name);
            if (values != null) {
                proof.put(name.toLowerCase(Locale.ROOT), values);
            }
        }
        Delivered delivered = new Delivered(proof, body == null ? NOTHING : body);
        return Response.accepted(deliveries.deliver(id, delivered, trace.id())).build();
    }
}
