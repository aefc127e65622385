package io.skein.frontdoor.tokens;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.throttle.AttemptThrottle;
import io.skein.frontdoor.throttle.Limit;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** The key set every service verifies with, and the tokens services call each other with. */
@Path("/api/v1/auth")
@RunOnVirtualThread
@Tag(name = "tokens")
public class TokenResource {

    private static final Logger LOG = Logger.getLogger(TokenResource.class);

    @Inject
    SigningKeys keys;

    @Inject
    ServiceSecrets secrets;

    @Inject
    TokenIssuer issuer;

    @Inject
    AttemptThrottle throttle;

    /** A service's name and its secret. */
    public record ServiceCredentials(
            @NotBlank @Size(max = 100) String service,
            @NotBlank @Size(max = 500) String secret) {

        @Override
        public String toString() {
            return "ServiceCredentials[" + service + "]";
        }
    }

    /** A service's token. */
    public record ServiceToken(String accessToken, long expiresIn) {}

    @GET
    @Path("/jwks")
    @Produces(MediaType.APPLICATION_JSON)
    @PermitAll
    public Response jwks() {
        return Response.ok(keys.jwks())
                .header("Cache-Control", "public, max-age=60")
                .build();
    }

    @POST
    @Path("/service-token")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermitAll
    public ServiceToken serviceToken(
            @NotNull @Valid ServiceCredentials credentials, @Context HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        // By service and address, never by address alone: one service with a wrong secret must not lock out its
        // neighbours.
        List<Limit> limits = List.of(Limit.service(credentials.service(), address));
        throttle.attempt(limits);
        if (!secrets.matches(credentials.service(), credentials.secret())) {
            LOG.warnf("service token refused: wrong secret, from %s", address);
            throw new ProblemException(ErrorCode.BAD_CREDENTIALS, "The service or its secret is wrong.");
        }
        throttle.succeeded(limits);
        TokenIssuer.AccessToken token = issuer.forService(credentials.service());
        return new ServiceToken(token.value(), token.expiresIn());
    }
}
