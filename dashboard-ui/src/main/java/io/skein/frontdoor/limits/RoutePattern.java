package io.skein.frontdoor.limits;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A method and a path with wildcards: {@code POST /api/v1/plans/*\/modify}, {@code * /api/v1/llm/**}. */
public final class RoutePattern {

    private final String method;
    private final List<String> segments;
    private final boolean open;

    private RoutePattern(String method, List<String> segments, boolean open) {
        this.method = method;
        this.segments = segments;
        this.open = open;
    }

    /**
     * Reads a pattern; SmallRye Config calls it for each entry of a list.
     *
     * @throws IllegalArgumentException when it is written wrongly: a route that is meant to be limited must not silently not be
     */
    public static RoutePattern of(String text) {
        String[] parts = text.strip().split("\\s+");
        if (parts.length != 2
                || !parts[0].matches("\\*|[A-Za-z]+")
                || !parts[1].matches("(/(\\*|[A-Za-z0-9._~-]+))*(/\\*\\*)?")
                || parts[1].isEmpty()) {
            throw new IllegalArgumentException(
                    "not a route: '" + text + "'; write it like POST /api/v1/plans/*/modify or * /api/v1/llm/**");
        }
        List<String> segments = segments(parts[1]);
        boolean open = segments.getLast().equals("**");
        return new RoutePattern(
                parts[0].toUpperCase(Locale.ROOT), open ? segments.subList(0, segments.size() - 1) : segments, open);
    }

    /** Whether a request is meant; a slash at the end makes no difference, as it makes none to the services. */
    public boolean matches(String requestMethod, String path) {
        if (!method.equals("*") && !method.equals(requestMethod)) {
            return false;
        }
        List<String> given = segments(path);
        if (open ? given.size() < segments.size() : given.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            if (!segments.get(i).equals("*") && !segments.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    }

    @Override
    public String toString() {
        return method + " /" + String.join("/", segments) + (open ? "/**" : "");
    }
}
