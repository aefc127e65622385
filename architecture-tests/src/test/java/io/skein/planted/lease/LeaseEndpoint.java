package io.skein.planted.lease;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A resource that is not called one, lets anybody in and blocks the event loop. */
@Path("/planted")
public class LeaseEndpoint {
    @GET
    public String anybody() {
        return "no @RolesAllowed";
    }

    @DELETE
    public void everybody() {}
}
