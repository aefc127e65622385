package io.skein.platform.readiness;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether a secret can be guessed. */
public final class Secrets {

    private static final int MIN_LENGTH = 24;
    private static final int MIN_DIFFERENT = 8;

    private static final Set<String> WELL_KNOWN = Set.of(
            "admin",
            "changeit",
            "changeme",
            "default",
            "guest",
            "letmein",
            "pass",
            "password",
            "postgres",
            "rabbitmq",
            "redis",
            "root",
            "secret",
            "skein",
            "test",
            "trial",
            "123456",
            "12345678");

    private Secrets() {}

    /** Why it can be guessed, without repeating it; for secrets that machines make and only machines type. */
    public static Optional<String> weakness(String secret) {
        if (isWellKnown(secret)) {
            return Optional.of("is a well-known one");
        }
        if (secret.length() < MIN_LENGTH) {
            return Optional.of("has " + secret.length() + " characters, fewer than " + MIN_LENGTH);
        }
        if (secret.chars().distinct().count() < MIN_DIFFERENT) {
            return Optional.of("repeats fewer than " + MIN_DIFFERENT + " different characters");
        }
        return Optional.empty();
    }

    /** {@code changeme}, and {@code Change-Me-123} too. */
    public static boolean isWellKnown(String secret) {
        String plain = secret.toLowerCase(Locale.ROOT);
        String letters = plain.replaceAll("[^a-z]", "");
        return plain.isEmpty() || WELL_KNOWN.contains(plain) || WELL_KNOWN.contains(letters);
    }

    /** The password in {@code user:password}; empty when there is none. */
    public static Optional<String> passwordOf(String userInfo) {
        int colon = userInfo == null ? -1 : userInfo.indexOf(':');
        return colon < 0 || colon == userInfo.length() - 1
                ? Optional.empty()
                : Optional.of(userInfo.substring(colon + 1));
    }

    /** Whether somebody would try it first: well known, or the same as the user's name. */
    public static boolean isFirstGuess(String user, String password) {
        return isWellKnown(password) || password.equalsIgnoreCase(user);
    }
}
