package io.skein.frontdoor.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers travel. */
final class Headers {

    /** Meant for the next hop only (RFC 9110, section 7.6.1), in either direction. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** Written by the front door itself, or nobody's business behind it: what a client claims there is not believed. */
    private static final Set<String> NOT_FROM_CLIENTS = Set.of(
            "host",
            "content-length",
            "expect",
            "cookie",
            "forwarded",
            "x-real-ip",
            "traceparent",
            "x-http-method-override",
            "x-original-url",
            "x-rewrite-url");

    /** Set for every answer by the front door. */
    private static final Set<String> NOT_FROM_SERVICES =
            Set.of("server", "set-cookie", "strict-transport-security", "content-security-policy");

    private Headers() {}

    static MultiMap forService(HttpServerRequest request, RequestTrace trace) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        Set<String> named = namedByConnection(request.headers());
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name)
                    && !NOT_FROM_CLIENTS.contains(name)
                    && !name.startsWith("x-forwarded-")
                    && !named.contains(name)) {
                headers.add(header.getKey(), header.getValue());
            }
        }
        headers.set("X-Forwarded-For", request.remoteAddress().hostAddress());
        headers.set("X-Forwarded-Proto", request.isSSL() ? "https" : "http");
        if (request.authority() != null) {
            headers.set("X-Forwarded-Host", request.authority().toString());
        }
        headers.set("traceparent", trace.traceparent());
        return headers;
    }

    /** Copies what may pass from a service's answer; an address of the service itself becomes a path of this origin. */
    static void fromService(MultiMap from, String serviceUrl, MultiMap to) {
        Set<String> named = namedByConnection(from);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (HOP_BY_HOP.contains(name)
                    || NOT_FROM_SERVICES.contains(name)
                    || name.startsWith("access-control-")
                    || name.startsWith("ratelimit-")
                    || named.contains(name)) {
                continue;
            }
            String value = header.getValue();
            if (name.equals("location") && value.startsWith(serviceUrl + "/")) {
                value = value.substring(serviceUrl.length());
            }
            to.add(header.getKey(), value);
        }
    }

    /** A client may name more hop-by-hop headers in Connection, but not make us drop what protects the service. */
    private static Set<String> namedByConnection(MultiMap headers) {
        Set<String> names = new HashSet<>();
        for (String value : headers.getAll("connection")) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        names.removeAll(List.of("authorization", "content-type", "accept"));
        return names;
    }
}
