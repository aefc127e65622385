package io.skein.frontdoor.cors;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The allow-list. An origin is on it letter by letter: no patterns, which is how lists come to allow too much. */
@ApplicationScoped
public class AllowedOrigins {

    private static final Pattern ORIGIN = Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:]+])(:[0-9]{1,5})?");

    private Set<String> origins = Set.of();

    @Inject
    CorsConfig config;

    void start(@Observes StartupEvent event) {
        origins = parse(config.origins().orElse(List.of()));
    }

    static Set<String> parse(List<String> texts) {
        return texts.stream()
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .filter(text -> !text.isEmpty())
                .map(text -> {
                    if (!ORIGIN.matcher(text).matches()) {
                        throw new IllegalArgumentException("SKEIN_FRONTDOOR_CORS_ORIGINS has '" + text
                                + "', which is no origin: write https://host or https://host:port, without a path and"
                                + " without *");
                    }
                    return text;
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean isEmpty() {
        return origins.isEmpty();
    }

    public boolean contains(String origin) {
        return origin != null && origins.contains(origin);
    }

    /**
     * Whether a request that needs no preflight (a WebSocket's handshake) comes from a page that may make it: no page at all, one
     * of ours, or one on the list.
     */
    public boolean mayConnect(HttpServerRequest request) {
        List<String> sent = request.headers().getAll("Origin");
        if (sent.isEmpty()) {
            return true;
        }
        String own = request.scheme() + "://" + request.authority();
        return sent.size() == 1 && (sent.getFirst().equalsIgnoreCase(own) || contains(sent.getFirst()));
    }
}
