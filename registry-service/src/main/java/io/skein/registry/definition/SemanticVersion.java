package io.skein.registry.definition;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Semantic versions (semver.org 2.0), as keys that sort like them: 1.9.0 &lt; 1.10.0-rc.2 &lt; 1.10.0-rc.10 &lt; 1.10.0. */
final class SemanticVersion {

    private static final Pattern SYNTAX = Pattern.compile(
            "(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})(?:-([0-9A-Za-z.-]{1,64}))?(?:\\+[0-9A-Za-z.-]{1,64})?");

    private SemanticVersion() {}

    static String sortKey(String version) {
        Matcher matcher = SYNTAX.matcher(version);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + version + "\" is not a semantic version like 1.0.0");
        }
        StringBuilder key = new StringBuilder();
        for (int part = 1; part <= 3; part++) {
            key.append(pad(matcher.group(part))).append('.');
        }
        if (matcher.group(4) == null) {
            // A release sorts after every pre-release of it.
            return key.append('~').toString();
        }
        key.append('-');
        for (String identifier : matcher.group(4).split("\\.")) {
            boolean number = !identifier.isEmpty() && identifier.chars().allMatch(Character::isDigit);
            // '!' sorts before '#': numbers before words, and a shorter list before its continuation.
            key.append(number ? "!" + pad(identifier) : "#" + identifier).append(' ');
        }
        return key.toString();
    }

    private static String pad(String number) {
        return "0".repeat(Math.max(0, 9 - number.length())) + number;
    }
}
