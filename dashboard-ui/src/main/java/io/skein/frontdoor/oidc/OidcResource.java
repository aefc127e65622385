package io.skein.frontdoor.oidc;

import io.skein.frontdoor.identity.RefreshCookie;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Pages a browser is led through to sign in with the provider, and out again. They answer with redirects, never with data. */
@Path("/api/v1/auth/oidc")
@RunOnVirtualThread
@Tag(name = "auth")
public class OidcResource {

    /** Where to go after the sign-in; read again with suspicion, anybody on this host may have written it. */
    private static final String TO = "skein_oidc_to";

    /** The provider's ID token, for signing out there; empty when it is too long for a cookie. */
    static final String HINT = "skein_oidc_hint";

    private static final int LONGEST_HINT = 3500;
    private static final String AUTH = "/api/v1/auth";

    @Inject
    OidcSignInService signIns;

    @Inject
    RefreshCookie cookies;

    @GET
    @Path("/sign-in")
    @PermitAll
    public Response begin(@QueryParam("to") String to, @Context RoutingContext context) {
        requireOn();
        try {
            URI provider = signIns.begin(context);
            return redirect(provider.toString())
                    .cookie(cookie(
                            TO, ProviderTenant.ROOT, encoded(ReturnPath.of(to)), 600, NewCookie.SameSite.LAX, context))
                    .build();
        } catch (RefusedException e) {
            return refused(e, context);
        }
    }

    @GET
    @Path("/callback")
    @PermitAll
    public Response callback(@CookieParam(TO) String to, @Context RoutingContext context) {
        requireOn();
        try {
            OidcSignInService.SignedIn signedIn =
                    signIns.complete(context, context.request().remoteAddress().hostAddress());
            String hint = signedIn.idToken().length() <= LONGEST_HINT ? signedIn.idToken() : "-";
            return redirect(ReturnPath.of(decoded(to)))
                    .cookie(signedIn.refreshCookie())
                    .cookie(cookie(
                            HINT, AUTH, hint, signedIn.refreshCookie().getMaxAge(), NewCookie.SameSite.STRICT, context))
                    .cookie(cookie(TO, ProviderTenant.ROOT, "", 0, NewCookie.SameSite.LAX, context))
                    .build();
        } catch (RefusedException e) {
            return refused(e, context);
        }
    }

    /** Ends the provider's session too. The cookie is not sent along when another site leads here. */
    @GET
    @Path("/sign-out")
    @PermitAll
    public Response signOut(@CookieParam(HINT) String hint, @Context RoutingContext context) {
        requireOn();
        URI home = URI.create(context.request().absoluteURI()).resolve("/");
        String next = hint == null || hint.isEmpty()
                ? ReturnPath.HOME
                : signIns.endSession(context, hint.equals("-") ? "" : hint, home)
                        .map(URI::toString)
                        .orElse(ReturnPath.HOME);
        return redirect(next)
                .cookie(cookie(HINT, AUTH, "", 0, NewCookie.SameSite.STRICT, context))
                .build();
    }

    private Response refused(RefusedException e, RoutingContext context) {
        return redirect("/?sign-in=" + e.refusal().code())
                .cookie(cookie(TO, ProviderTenant.ROOT, "", 0, NewCookie.SameSite.LAX, context))
                .build();
    }

    private void requireOn() {
        if (!signIns.isOn()) {
            throw ProblemException.notFound("provider to sign in with");
        }
    }

    private NewCookie cookie(
            String name, String path, String value, int maxAge, NewCookie.SameSite sameSite, RoutingContext context) {
        return new NewCookie.Builder(name)
                .value(value)
                .path(path)
                .maxAge(maxAge)
                .httpOnly(true)
                .secure(cookies.secure(context.request()))
                .sameSite(sameSite)
                .build();
    }

    private static Response.ResponseBuilder redirect(String to) {
        return Response.status(303).header("Location", to).header("Cache-Control", "no-store");
    }

    private static String encoded(String path) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(path.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String cookie) {
        try {
            return cookie == null ? null : new String(Base64.getUrlDecoder().decode(cookie), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
