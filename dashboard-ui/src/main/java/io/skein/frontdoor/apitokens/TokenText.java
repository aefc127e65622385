package io.skein.frontdoor.apitokens;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A token as its holder has it: {@code skein_<kind letter>_<43 digits of 256 random bits><6 digits of CRC-32 over all before>},
 * in base 62. The prefix and the checksum let a secret scanner find a leaked one without asking, and let a mistyped one be
 * refused without the database. What is kept is its SHA-256; that needs no salt, there is nothing to guess.
 */
public record TokenText(TokenKind kind, String value) {

    private static final String PREFIX = "skein_";
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_BITS = 256;
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECK_DIGITS = 6;
    private static final Pattern FORM = Pattern.compile("skein_[pna]_[0-9A-Za-z]{49}");
    private static final SecureRandom RANDOM = new SecureRandom();

    static TokenText random(TokenKind kind) {
        String body = PREFIX + kind.letter() + "_" + base62(new BigInteger(RANDOM_BITS, RANDOM), RANDOM_DIGITS);
        return new TokenText(kind, body + checksum(body));
    }

    /** Whether somebody meant to send an API token, right or wrong. */
    public static boolean isMeant(String value) {
        return value.startsWith(PREFIX);
    }

    /** Empty when it is not the form of a token or the checksum is wrong. */
    public static Optional<TokenText> parse(String value) {
        if (value == null || !FORM.matcher(value).matches()) {
            return Optional.empty();
        }
        int end = value.length() - CHECK_DIGITS;
        return checksum(value.substring(0, end)).equals(value.substring(end))
                ? TokenKind.ofLetter(value.charAt(PREFIX.length())).map(kind -> new TokenText(kind, value))
                : Optional.empty();
    }

    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        return base62(BigInteger.valueOf(crc.getValue()), CHECK_DIGITS);
    }

    private static String base62(BigInteger number, int digits) {
        BigInteger base = BigInteger.valueOf(DIGITS.length());
        char[] text = new char[digits];
        BigInteger rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            BigInteger[] divided = rest.divideAndRemainder(base);
            text[i] = DIGITS.charAt(divided[1].intValue());
            rest = divided[0];
        }
        return new String(text);
    }

    @Override
    public String toString() {
        return "TokenText[" + kind.wire() + ", secret]";
    }
}
