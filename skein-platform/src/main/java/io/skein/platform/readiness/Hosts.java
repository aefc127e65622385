package io.skein.platform.readiness;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether an address stays on this machine. Only what says so by itself counts: a name that has to be looked up may move. */
public final class Hosts {

    private static final Pattern LOOPBACK_4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private Hosts() {}

    public static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("::1")
                || name.equals("0:0:0:0:0:0:0:1")
                || LOOPBACK_4.matcher(name).matches();
    }

    /** The host of a URL when it is on another machine; what cannot be read counts as another machine. */
    public static Optional<String> away(String url) {
        try {
            String host = new URI(url).getHost();
            if (host == null) {
                return Optional.of("an address that is not a URL");
            }
            return isLoopback(host) ? Optional.empty() : Optional.of(host);
        } catch (URISyntaxException e) {
            // Its message repeats the URL, which may hold a password.
            return Optional.of("an address that is not a URL");
        }
    }

    /** Whether the URL has this scheme and leads to another machine: then the host. */
    public static Optional<String> away(String scheme, String url) {
        return url.toLowerCase(Locale.ROOT).startsWith(scheme + "://") ? away(url) : Optional.empty();
    }
}
