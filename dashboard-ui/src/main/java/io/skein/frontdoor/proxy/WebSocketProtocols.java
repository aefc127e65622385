package io.skein.frontdoor.proxy;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The subprotocols a client offers. A page's script cannot set the Authorization header of a WebSocket, so it may offer its access
 * token as {@code skein.bearer.<token>} beside {@code skein.v1}: {@code new WebSocket(url, ['skein.v1', 'skein.bearer.' + token])}.
 * The token is never chosen, never passed on as a protocol, and never in an address, which ends up in logs.
 *
 * @param names all others, in the client's order
 * @param token the token, where there is exactly one
 */
record WebSocketProtocols(List<String> names, Optional<String> token) {

    /** What a client offers that has to offer something beside its token; chosen where the service chooses nothing. */
    static final String OURS = "skein.v1";

    private static final String BEARER = "skein.bearer.";

    static WebSocketProtocols of(HttpServerRequest request) {
        List<String> names = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        request.headers().getAll("Sec-WebSocket-Protocol").stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(name -> {
                    if (name.startsWith(BEARER)) {
                        tokens.add(name.substring(BEARER.length()));
                    } else {
                        names.add(name);
                    }
                });
        return new WebSocketProtocols(
                List.copyOf(names), tokens.size() == 1 ? Optional.of(tokens.getFirst()) : Optional.empty());
    }

    /** What to answer, given what the service chose. */
    Optional<String> chosen(String byService) {
        if (byService != null && names.contains(byService)) {
            return Optional.of(byService);
        }
        return names.contains(OURS) ? Optional.of(OURS) : Optional.empty();
    }
}
