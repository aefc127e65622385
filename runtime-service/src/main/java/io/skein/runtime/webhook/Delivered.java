package io.skein.runtime.webhook;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A delivery as it came.
 *
 * @param headers by lower-case name
 */
record Delivered(Map<String, List<String>> headers, byte[] body) {

    static final String TIMESTAMP = "Skein-Timestamp";
    static final String SIGNATURE = "Skein-Signature";
    static final String HUB_SIGNATURE = "X-Hub-Signature-256";
    static final String GITHUB_EVENT = "X-GitHub-Event";
    static final String GITHUB_DELIVERY = "X-GitHub-Delivery";
    static final String AUTHORIZATION = "Authorization";

    /** All that any sender proves itself with. */
    static final List<String> HEADERS =
            List.of(TIMESTAMP, SIGNATURE, HUB_SIGNATURE, GITHUB_EVENT, GITHUB_DELIVERY, AUTHORIZATION);

    /** Its value; null when it is not there or there more than once, which no honest sender does. */
    String header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.size() == 1 ? values.getFirst() : null;
    }

    /** What a sender signs that signs the time: {@code <timestamp>.<body>}. */
    byte[] timed(String timestamp) {
        byte[] begin = (timestamp + ".").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[begin.length + body.length];
        System.arraycopy(begin, 0, all, 0, begin.length);
        System.arraycopy(body, 0, all, begin.length, body.length);
        return all;
    }
}
