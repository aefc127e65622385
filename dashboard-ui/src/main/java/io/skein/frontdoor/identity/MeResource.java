package io.skein.frontdoor.identity;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who the token speaks for. */
@Path("/api/v1/me")
@RunOnVirtualThread
@Tag(name = "auth")
public class MeResource {

    @Inject
    Caller caller;

    @GET
    @RolesAllowed(Role.Names.VIEWER)
    public Me me() {
        return new Me(
                caller.name(),
                caller.team(),
                Arrays.stream(Role.values()).filter(caller::has).map(Role::wire).toList());
    }
}
