package io.skein.frontdoor.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What an account from a provider may be called, best first. The name is a wish: things belong to people by name, so one that
 * somebody else has, or had, is never given again, and the newcomer gets a number.
 */
final class ProviderNames {

    private static final int LONGEST_WISH = 56;
    private static final int NUMBERED = 9;

    private ProviderNames() {}

    static Stream<String> of(String wish, String issuer, String subject) {
        String name = wish.replaceAll("[^A-Za-z0-9._@-]+", "-");
        name = name.substring(0, Math.min(LONGEST_WISH, name.length())).replaceAll("^[._@-]+|[._@-]+$", "");
        String own = digest(issuer, subject);
        String unique = (name.isEmpty() ? "user" : name) + "-" + own;
        if (name.isEmpty()) {
            return Stream.of(unique.substring(0, "user-".length() + 8), unique);
        }
        String base = name;
        return Stream.concat(
                Stream.of(base),
                Stream.concat(
                        IntStream.rangeClosed(2, NUMBERED).mapToObj(number -> base + "-" + number),
                        Stream.of(base + "-" + own.substring(0, 7))));
    }

    private static String digest(String issuer, String subject) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((issuer + "\n" + subject).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
