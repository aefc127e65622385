package io.skein.runtime.skill.http;

import io.skein.platform.net.RefusedAddressException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Addresses of a definition's {@code permissions.http}. Scheme, host and port must be the same; a path that ends in {@code /} covers
 * everything below it, another one only itself; an entry with a query allows that query, one without allows any. Whatever different
 * programs read differently ({@code ..}, an encoded slash, {@code ;}) is refused and not interpreted.
 */
final class AllowedAddresses {

    private static final int MAX_LENGTH = 2000;

    private record Address(String scheme, String host, int port, String path, String query) {}

    private final List<Address> allowed;

    AllowedAddresses(List<String> permitted) {
        this.allowed = permitted.stream()
                .map(AllowedAddresses::readOrNull)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * @throws RefusedAddressException when the definition does not allow it, or it can be read in two ways
     */
    void check(String url) {
        Address asked = read(url);
        if (allowed.stream().noneMatch(entry -> covers(entry, asked))) {
            throw new RefusedAddressException("The agent's permissions do not name this address.");
        }
    }

    private static boolean covers(Address entry, Address asked) {
        return entry.scheme().equals(asked.scheme())
                && entry.host().equals(asked.host())
                && entry.port() == asked.port()
                && (entry.path().endsWith("/")
                        ? asked.path().startsWith(entry.path())
                        : asked.path().equals(entry.path()))
                && (entry.query() == null || entry.query().equals(asked.query()));
    }

    /** An entry that means nothing allows nothing. */
    private static Address readOrNull(String url) {
        try {
            return read(url);
        } catch (RefusedAddressException e) {
            return null;
        }
    }

    private static Address read(String url) {
        URI uri = parse(url);
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        for (String segment : path.substring(1).split("/", -1)) {
            checkSegment(segment);
        }
        if (path.contains("//")) {
            throw ambiguous();
        }
        return new Address(scheme, host, port, path, uri.getRawQuery());
    }

    private static URI parse(String url) {
        try {
            if (url.length() > MAX_LENGTH) {
                throw new RefusedAddressException("The address is longer than " + MAX_LENGTH + " characters.");
            }
            URI uri = new URI(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null) {
                throw new RefusedAddressException("This is not an http or https address with a host.");
            }
            if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
                throw new RefusedAddressException("An address must not contain a user name, a password or a fragment.");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new RefusedAddressException("This is not an http or https address with a host.");
        }
    }

    private static void checkSegment(String raw) {
        String segment = decoded(raw);
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        boolean strange = segment.chars().anyMatch(c -> c == '/' || c == '\\' || c == '%' || c < ' ' || c == 0x7f);
        if (strange || name.equals(".") || name.equals("..")) {
            throw ambiguous();
        }
    }

    /** Once, as a server does. {@code URI.getPath} would do the same, but of the whole path, where a slash is then a slash. */
    private static String decoded(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes[length++] = (byte) HexFormat.fromHexDigits(raw, i + 1, i + 3);
                i += 2;
            } else {
                bytes[length++] = (byte) raw.charAt(i);
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static RefusedAddressException ambiguous() {
        return new RefusedAddressException("The path of the address can be read in more than one way.");
    }
}
