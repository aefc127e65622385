package io.skein.frontdoor.identity;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.tokens.SigningKeys;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** New signing keys out of turn, for administrators of the home team. */
@Path("/api/v1/auth/keys")
@RunOnVirtualThread
@RolesAllowed(Role.Names.ADMIN)
@Tag(name = "tokens")
public class KeyResource {

    @Inject
    SigningKeys keys;

    @Inject
    Caller caller;

    /** The key that signs next, and from when. */
    public record NextKey(String kid, Instant signsFrom) {}

    /** Publishes the next key; it signs after the overlap. Nobody notices. */
    @POST
    @Path("/rotate")
    public Response rotate() {
        requireFleet();
        return answer(keys.rotate(caller.actor()));
    }

    /** For the day a key got out: a new key signs at once, and every access token that is out ends. */
    @POST
    @Path("/replace")
    public Response replace() {
        requireFleet();
        return answer(keys.replace(caller.actor()));
    }

    private static Response answer(SigningKeys.Published key) {
        return Response.status(202)
                .entity(new NextKey(key.kid(), key.signsFrom()))
                .build();
    }

    private void requireFleet() {
        if (!caller.team().equals(Team.HOME)) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN, "Keys are kept by the administrators of the team " + Team.HOME + ".");
        }
    }
}
