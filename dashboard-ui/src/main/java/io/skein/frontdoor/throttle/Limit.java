package io.skein.frontdoor.throttle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What attempts are counted by, and how many are free before each next one has to wait.
 *
 * @param key hashed: names that somebody typed (passwords among them, by mistake) are not kept
 * @param free attempts without delay; the one after waits 1 s, the next 2 s, 4 s, ... up to {@code maxDelaySeconds}
 * @param resetBySuccess whether a success forgets the failures; false where a guesser could clear it with an own account
 */
public record Limit(String key, int free, int maxDelaySeconds, boolean resetBySuccess) {

    /** One account from one address: stops the usual guessing without locking the owner out elsewhere. */
    public static Limit accountFrom(String account, String address) {
        return new Limit(hash("account-address", account, address), 5, 900, true);
    }

    /** One account from anywhere: slows down a distributed guess, and its owner by half a minute at most. */
    public static Limit account(String account) {
        return new Limit(hash("account", account), 30, 30, true);
    }

    /** Any account from one address: an office behind one address still gets in. */
    public static Limit address(String address) {
        return new Limit(hash("address", address), 50, 60, false);
    }

    public static Limit setup(String address) {
        return new Limit(hash("setup", address), 5, 60, true);
    }

    /** New accounts from one address. A success counts too, or one address could make any number. */
    public static Limit registration(String address) {
        return new Limit(hash("registration", address), 5, 900, false);
    }

    /** The present password, asked for before it is changed: a stolen access token must not be good for guessing it. */
    public static Limit passwordChange(String account) {
        return new Limit(hash("password-change", account), 5, 900, true);
    }

    /** Answers of a provider that were no sign-in. */
    public static Limit provider(String address) {
        return new Limit(hash("provider", address), 20, 60, true);
    }

    public static Limit service(String service, String address) {
        return new Limit(hash("service", service, address), 10, 30, true);
    }

    /** API tokens nobody was ever given, from one address: keeps the database free of them. */
    public static Limit apiToken(String address) {
        return new Limit(hash("api-token", address), 20, 60, false);
    }

    /** Milliseconds nothing is accepted after the given number of attempts in the window. */
    long delayMillis(long attempts) {
        if (attempts < free) {
            return 0;
        }
        long exponent = Math.min(attempts - free, 20);
        return Math.min(1000L << exponent, maxDelaySeconds * 1000L);
    }

    private static String hash(String kind, String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return kind + ":" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
