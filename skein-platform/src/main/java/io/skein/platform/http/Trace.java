package io.skein.platform.http;

import jakarta.enterprise.context.RequestScoped;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The W3C trace this request belongs to: taken from {@code traceparent}, else begun here. */
@RequestScoped
public class Trace {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern TRACEPARENT = Pattern.compile("00-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

    private String id;

    /** 32 lower-case hex digits. */
    public String id() {
        if (id == null) {
            id = newId();
        }
        return id;
    }

    void adopt(String traceparent) {
        idIn(traceparent).ifPresent(sent -> id = sent);
    }

    /** The trace a {@code traceparent} header names, or a new one: for what is answered before there is a request scope. */
    public static String idOf(String traceparent) {
        return idIn(traceparent).orElseGet(Trace::newId);
    }

    private static Optional<String> idIn(String traceparent) {
        return Optional.ofNullable(traceparent)
                .map(TRACEPARENT::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1));
    }

    public static String newId() {
        return hex(16);
    }

    /** A {@code traceparent} header value that continues the given trace. */
    public static String traceparent(String traceId) {
        return "00-" + traceId + "-" + hex(8) + "-01";
    }

    private static String hex(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
