package io.skein.frontdoor.identity;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.tokens.TokenIssuer;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who the token speaks for, and their password. */
@Path("/api/v1/me")
@RunOnVirtualThread
@Tag(name = "auth")
public class MeResource {

    @Inject
    Caller caller;

    @Inject
    JsonWebToken token;

    @Inject
    PasswordService passwords;

    /** The password that is and the one that shall be. */
    public record PasswordChange(
            @NotEmpty @Size(max = 512) String currentPassword,
            @NotEmpty @Size(max = 512) String newPassword) {

        @Override
        public String toString() {
            return "PasswordChange[secret]";
        }
    }

    @GET
    @RolesAllowed(Role.Names.VIEWER)
    public Me me() {
        return new Me(
                CallerId.of(token).orElse(null),
                caller.name(),
                caller.team(),
                Arrays.stream(Role.values()).filter(caller::has).map(Role::wire).toList(),
                caller.has(Role.ADMIN) && caller.team().equals(Team.HOME),
                CallerId.of(token).filter(passwords::exists).isPresent());
    }

    @POST
    @Path("/password")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.VIEWER)
    public void changePassword(@NotNull @Valid PasswordChange change, @Context HttpServerRequest request) {
        passwords.change(
                CallerId.of(token).orElseThrow(MeResource::signInFirst),
                signIn().orElseThrow(MeResource::signInFirst),
                change.currentPassword(),
                change.newPassword(),
                request.remoteAddress().hostAddress());
    }

    private Optional<UUID> signIn() {
        return Optional.ofNullable(token.<Object>getClaim(TokenIssuer.SIGN_IN))
                .map(claim -> UUID.fromString(claim.toString()));
    }

    private static ProblemException signInFirst() {
        return new ProblemException(
                ErrorCode.FORBIDDEN, "A password is changed by a person who is signed in, not with an API token.");
    }
}
