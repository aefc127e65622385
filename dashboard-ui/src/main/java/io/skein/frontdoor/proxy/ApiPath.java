package io.skein.frontdoor.proxy;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Where a path leads. */
sealed interface ApiPath {

    String PREFIX = "/api/v1/";
    String TOOLS = "/mcp";

    /** First segments the front door answers itself. */
    Set<String> OWN = Set.of("auth", "me", "users", "tokens", "teams", "fleet");

    Pattern DELIVERIES =
            Pattern.compile("/api/v1/webhooks/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/deliveries");

    /** Neither below {@code /api} nor the MCP server. */
    record Elsewhere() implements ApiPath {}

    /** An endpoint of the front door. */
    record Own() implements ApiPath {}

    /** An endpoint of a service. */
    record Upstream(Service service) implements ApiPath {}

    /**
     * The outside of a webhook: who delivers there has no token of ours. Its service checks what the sender signed. Only a POST of
     * exactly this shape; everything else there is like any other path of the service.
     */
    record Delivery(Service service) implements ApiPath {}

    /** The MCP server: one address, spoken to with POST, listened to with GET, left with DELETE. */
    record Tools() implements ApiPath {}

    /** Below {@code /api}, and nobody's. */
    record Unknown() implements ApiPath {}

    /** Written so that two servers could read it differently; no honest client sends it. */
    record Ambiguous() implements ApiPath {}

    /**
     * @param path as it came, still percent-encoded
     * @param normalized without dot segments and needless encoding
     */
    static ApiPath of(String method, String path, String normalized) {
        if (path == null) {
            return new Elsewhere();
        }
        if (isUnder(path, TOOLS) || isUnder(normalized, TOOLS)) {
            // Below it is the older transport, which is not offered.
            return path.equals(TOOLS) ? new Tools() : new Unknown();
        }
        if (!isUnder(path, "/api") && !isUnder(normalized, "/api")) {
            return new Elsewhere();
        }
        String lower = path.toLowerCase(Locale.ROOT);
        if (!path.equals(normalized)
                || path.contains("//")
                || path.indexOf('\\') >= 0
                || path.indexOf(';') >= 0
                || lower.contains("%5c")
                || lower.contains("%00")
                || lower.contains("%3b")) {
            return new Ambiguous();
        }
        if (!path.startsWith(PREFIX)) {
            return new Unknown();
        }
        int end = path.indexOf('/', PREFIX.length());
        String segment = path.substring(PREFIX.length(), end < 0 ? path.length() : end);
        if (OWN.contains(segment)) {
            return new Own();
        }
        if (method.equals("POST") && DELIVERIES.matcher(path).matches()) {
            return new Delivery(Service.RUNTIME);
        }
        Optional<Service> service = Service.ofSegment(segment);
        return service.<ApiPath>map(Upstream::new).orElseGet(Unknown::new);
    }

    private static boolean isUnder(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
