package io.skein.audit.record;

import io.skein.platform.readiness.Hosts;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where the evidence is pushed to: https, ssh, or a folder. Nothing that git or ssh would take for an option or a command, and nothing
 * that shows the evidence, or a password, on the way.
 */
record GitRemote(String address) {

    private static final Pattern SCP_LIKE =
            Pattern.compile("[A-Za-z0-9._][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^-\\s:][^\\s]*");

    /**
     * @throws IllegalArgumentException when it is none; the message does not repeat it, it may hold a password
     */
    GitRemote {
        if (!isUsable(address)) {
            throw new IllegalArgumentException(
                    "SKEIN_AUDIT_GIT_REMOTE must be https://, ssh://, user@host:path, file:// or an"
                            + " absolute path; plain http:// is for this machine only");
        }
    }

    private static boolean isUsable(String address) {
        if (address.chars().anyMatch(c -> c <= ' ' || c == 0x7f) || address.contains("::")) {
            return false;
        }
        if (!address.contains("://")) {
            return address.startsWith("/") || SCP_LIKE.matcher(address).matches();
        }
        try {
            URI uri = new URI(address);
            String host = uri.getHost();
            String user = uri.getUserInfo();
            boolean dashed = host != null && host.startsWith("-") || user != null && user.startsWith("-");
            return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
                case "https", "ssh" -> host != null && !dashed;
                case "http" -> host != null && !dashed && Hosts.isLoopback(host);
                case "file" ->
                    host == null && uri.getPath() != null && uri.getPath().startsWith("/");
                default -> false;
            };
        } catch (URISyntaxException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "a git remote";
    }
}
