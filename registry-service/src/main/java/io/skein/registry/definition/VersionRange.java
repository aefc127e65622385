package io.skein.registry.definition;

import java.util.Optional;
import java.util.regex.Pattern;
import org.semver4j.Semver;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/**
 * What somebody wants of the versions there are: {@code latest}, {@code 1.x}, {@code ^1.2}, {@code >=1.0.0 <2.0.0}, or one exact
 * version. A pre-release is only in a range that names one of the same version, as with npm.
 */
sealed interface VersionRange {

    /** The newest published release; the newest published pre-release while there is no release. */
    record Latest() implements VersionRange {}

    record Exactly(String version) implements VersionRange {}

    record Within(RangeList range) implements VersionRange {

        boolean has(String version) {
            return range.isSatisfiedBy(version(version));
        }
    }

    int MAX_LENGTH = 100;

    /** The library takes what it understands of a text and drops the rest, so what is a range is said here. */
    Pattern SYNTAX = syntax();

    Pattern VERSION = Pattern.compile(
            "(0|[1-9]\\d{0,8})(\\.(0|[1-9]\\d{0,8})){2}(-[0-9A-Za-z.-]{1,100})?(\\+[0-9A-Za-z.-]{1,100})?");

    /** Identifiers of a pre-release that are numbers beyond this cannot be compared. */
    int MAX_DIGITS = 18;

    /** Empty when it is none. */
    static Optional<VersionRange> parse(String text) {
        if (text == null || text.isBlank() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String range = text.strip();
        if (range.equals("latest")) {
            return Optional.of(new Latest());
        }
        if (VERSION.matcher(range).matches()) {
            return isVersion(range) ? Optional.of(new Exactly(range)) : Optional.empty();
        }
        if (!SYNTAX.matcher(range).matches() || hasLongNumber(range)) {
            return Optional.empty();
        }
        RangeList list = RangeListFactory.create(range);
        return list.get().isEmpty() ? Optional.empty() : Optional.of(new Within(list));
    }

    /** Whether it is a semantic version that can be compared with every other one. */
    static boolean isVersion(String text) {
        return text != null
                && text.length() <= 128
                && VERSION.matcher(text).matches()
                && !hasLongNumber(text)
                && Semver.isValid(text);
    }

    /** @throws IllegalArgumentException when it is none */
    static Semver version(String text) {
        if (!isVersion(text)) {
            throw new IllegalArgumentException("\"" + text + "\" is not a semantic version like 1.0.0");
        }
        return new Semver(text);
    }

    private static boolean hasLongNumber(String text) {
        int digits = 0;
        for (int at = 0; at < text.length(); at++) {
            digits = Character.isDigit(text.charAt(at)) ? digits + 1 : 0;
            if (digits > MAX_DIGITS) {
                return true;
            }
        }
        return false;
    }

    private static Pattern syntax() {
        String number = "(0|[1-9]\\d{0,8}|[xX*])";
        String part = number + "(\\." + number + "(\\." + number + "(-[0-9A-Za-z.-]{1,60})?)?)?";
        String comparison = "(>=|<=|>|<|=|\\^|~)?" + part;
        String all = "(" + part + " +- +" + part + "|" + comparison + "( +" + comparison + "){0,10})";
        return Pattern.compile(all + "( *\\|\\| *" + all + "){0,10}");
    }
}
