package io.skein.frontdoor.fleet;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.proxy.Problems;
import io.skein.frontdoor.tokens.TokenVerifier;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Who may read the front door's metrics: Prometheus, which comes straight from the same machine or private network and has no
 * token, and whoever is signed in. What came through an Ingress or from a public address needs a token: the front door is the one
 * service that is reached from outside, and its figures tell how it is used.
 */
@ApplicationScoped
class MetricsGate {

    /** Before {@code /metrics} is led to {@code /q/metrics}. */
    private static final int PRIORITY = 450;

    private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via");

    @Inject
    TokenVerifier verifier;

    void register(@Observes Filters filters) {
        filters.register(this::handle, PRIORITY);
    }

    private void handle(RoutingContext context) {
        String path = context.normalizedPath();
        boolean metrics = path.equals("/metrics") || path.equals("/q/metrics") || path.startsWith("/q/metrics/");
        if (!metrics || isNear(context.request()) || isSignedIn(context.request())) {
            context.next();
        } else {
            Problems.answer(context, ErrorCode.UNAUTHENTICATED, "From outside, metrics need a valid access token.");
        }
    }

    private boolean isSignedIn(HttpServerRequest request) {
        String header = request.getHeader("Authorization");
        return header != null
                && header.regionMatches(true, 0, "Bearer ", 0, 7)
                && verifier.verify(header.substring(7).strip()).isPresent();
    }

    private static boolean isNear(HttpServerRequest request) {
        return FORWARDED.stream().noneMatch(name -> request.headers().contains(name))
                && isPrivate(request.remoteAddress().hostAddress());
    }

    /** Loopback, RFC 1918, link-local, and IPv6's unique local addresses. */
    static boolean isPrivate(String address) {
        try {
            // An address, never a name: nothing is looked up.
            InetAddress parsed = InetAddress.getByName(address);
            return parsed.isLoopbackAddress()
                    || parsed.isSiteLocalAddress()
                    || parsed.isLinkLocalAddress()
                    || parsed.getAddress().length == 16 && (parsed.getAddress()[0] & 0xfe) == 0xfc;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
