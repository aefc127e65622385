package io.skein.frontdoor.identity;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Signing in and out. Open to everybody; the answers are never cached. */
@Path("/api/v1/auth")
@RunOnVirtualThread
@Tag(name = "auth")
public class AuthResource {

    @Inject
    SignInService signIns;

    @Inject
    AccountService accounts;

    @Inject
    RegistrationService registrations;

    @Inject
    Instance<SignInOption> otherWays;

    @Inject
    Passwords passwords;

    @Inject
    RefreshCookie cookie;

    @Inject
    Instance<SignOutStep> stepsAfter;

    /** A user name and a password. */
    public record Credentials(
            @NotEmpty @Size(max = 128) String username,
            @NotEmpty @Size(max = 512) String password) {

        @Override
        public String toString() {
            return "Credentials[secret]";
        }
    }

    /** The one-time token and the first administrator. */
    public record Setup(
            @NotEmpty @Size(max = 512) String token,
            @NotEmpty @Size(max = 128) String username,
            @NotEmpty @Size(max = 512) String password) {

        @Override
        public String toString() {
            return "Setup[secret]";
        }
    }

    /** The access token for the Authorization header and whose it is. */
    public record SignInAnswer(String accessToken, String tokenType, long expiresIn, Me user) {}

    /**
     * What the sign-in page offers.
     *
     * @param setup whether the first account is still to be made
     * @param registration {@code open} or {@code closed}
     * @param passwords whether a password is a way in
     */
    public record Options(boolean setup, String registration, boolean passwords, List<SignInOption.Way> oidc) {}

    @GET
    @Path("/options")
    @Produces(MediaType.APPLICATION_JSON)
    @PermitAll
    public Response options() {
        List<SignInOption.Way> ways =
                otherWays.stream().flatMap(option -> option.ways().stream()).toList();
        return Response.ok(new Options(
                        registrations.setUpPending(), registrations.open() ? "open" : "closed", passwords.on(), ways))
                .header("Cache-Control", "no-store")
                .build();
    }

    @POST
    @Path("/register")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermitAll
    public Response register(@NotNull @Valid Credentials account, @Context HttpServerRequest request) {
        return answer(201, registrations.register(account.username(), account.password(), address(request)), request);
    }

    /** Where the browser should go to be signed out elsewhere too. */
    public record SignedOut(String next) {}

    @POST
    @Path("/setup")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermitAll
    public Response setUp(@NotNull @Valid Setup setup, @Context HttpServerRequest request) {
        return answer(
                201, accounts.setUp(setup.token(), setup.username(), setup.password(), address(request)), request);
    }

    @POST
    @Path("/sign-in")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermitAll
    public Response signIn(@NotNull @Valid Credentials credentials, @Context HttpServerRequest request) {
        return answer(200, signIns.signIn(credentials.username(), credentials.password(), address(request)), request);
    }

    @POST
    @Path("/refresh")
    @PermitAll
    public Response refresh(@CookieParam(RefreshCookie.NAME) String token, @Context HttpServerRequest request) {
        requireOwnPage(request);
        return answer(200, signIns.refresh(token, address(request)), request);
    }

    @POST
    @Path("/sign-out")
    @PermitAll
    public Response signOut(@CookieParam(RefreshCookie.NAME) String token, @Context HttpServerRequest request) {
        requireOwnPage(request);
        signIns.signOut(token);
        Optional<SignedOut> next = stepsAfter.stream()
                .flatMap(step -> step.after(request).stream())
                .findFirst()
                .map(SignedOut::new);
        return Response.status(next.isPresent() ? 200 : 204)
                .entity(next.orElse(null))
                .cookie(cookie.removed(request))
                .header("Cache-Control", "no-store")
                .build();
    }

    private Response answer(int status, SignInService.SignedIn signedIn, HttpServerRequest request) {
        return Response.status(status)
                .entity(new SignInAnswer(
                        signedIn.accessToken().value(),
                        "Bearer",
                        signedIn.accessToken().expiresIn(),
                        Me.of(signedIn.user())))
                .cookie(cookie.of(signedIn.refreshToken(), request))
                .header("Cache-Control", "no-store")
                .build();
    }

    /** SameSite does not tell ports of one host apart; Fetch Metadata does. Tools that send none have no cookies to steal. */
    private static void requireOwnPage(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only Skein's own pages may use the refresh cookie.");
        }
    }

    private static String address(HttpServerRequest request) {
        return request.remoteAddress().hostAddress();
    }
}
