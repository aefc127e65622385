package io.skein.frontdoor.identity;

import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a name, a password and a set of roles may be. */
final class AccountRules {

    static final int MIN_PASSWORD = 12;
    static final int MAX_PASSWORD = 128;

    /** No colon: {@code service:} and {@code agent:} begin the names of those who are no people. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}[A-Za-z0-9]|[A-Za-z0-9]");

    /** What guessers try first, with digits and signs round it. */
    private static final Pattern TRIED_FIRST = Pattern.compile(
            "pass(word|wort|phrase)?|letmein|welcome|changeme|administrator|admin|secret|login|default|root"
                    + "|qwert(y|z)(uiop)?|asdfgh(jkl)?|(z|y)xcvbnm|abc(def)?(gh)?(ijkl)?|iloveyou|monkey|dragon|football"
                    + "|baseball|sunshine|princess|superman|batman|master|shadow|skein");

    /** Letters that must be left when those are taken out. */
    private static final int MIN_OWN_LETTERS = 4;

    /** What the names of machines and agents at the broker may hold of it, and no two that differ by case. */
    private static final Pattern TEAM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    private AccountRules() {}

    static void checkName(String name) {
        if (!isName(name)) {
            throw ProblemException.invalid(
                    "username",
                    "must be 1..64 letters, digits, '.', '_', '@' or '-', and begin and end with one of the first two");
        }
    }

    static boolean isTeam(String name) {
        return name != null && TEAM.matcher(name).matches();
    }

    static void checkTeam(String name) {
        if (!isTeam(name)) {
            throw ProblemException.invalid(
                    "name",
                    "must be 1..64 lower-case letters, digits or '-', and begin and end with one of the first two");
        }
    }

    static boolean isName(String name) {
        return name != null && NAME.matcher(name).matches();
    }

    static void checkPassword(String name, String password) {
        checkPassword("password", name, password);
    }

    static void checkPassword(String field, String name, String password) {
        int length = password.codePointCount(0, password.length());
        if (length < MIN_PASSWORD || length > MAX_PASSWORD) {
            throw ProblemException.invalid(
                    field, "must have " + MIN_PASSWORD + ".." + MAX_PASSWORD + " characters, this one has " + length);
        }
        if (password.codePoints().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid(field, "must not contain control characters");
        }
        if (password.codePoints().distinct().count() < 4) {
            throw ProblemException.invalid(field, "repeats too few characters");
        }
        if (isTriedFirst(password)) {
            throw ProblemException.invalid(field, "is nearly one of those that are tried first");
        }
        if (password.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT)) && length < name.length() + 8) {
            throw ProblemException.invalid(field, "is little more than the user name");
        }
    }

    private static boolean isTriedFirst(String password) {
        String plain = password.toLowerCase(Locale.ROOT)
                .replace('0', 'o')
                .replace('3', 'e')
                .replace('@', 'a')
                .replace('$', 's');
        return TRIED_FIRST
                        .matcher(plain)
                        .replaceAll(" ")
                        .codePoints()
                        .filter(Character::isLetter)
                        .count()
                < MIN_OWN_LETTERS;
    }

    /** The roles to store, in order of power. An administrator has all four. */
    static List<String> roles(Set<String> requested) {
        Set<Role> roles = requested.stream()
                .map(name -> Role.fromWire(name)
                        .filter(role -> role != Role.SERVICE)
                        .orElseThrow(() ->
                                ProblemException.invalid("roles", "must be some of viewer, operator, approver, admin")))
                .collect(Collectors.toSet());
        boolean admin = roles.contains(Role.ADMIN);
        return Arrays.stream(Role.values())
                .filter(role -> role != Role.SERVICE)
                // Whoever may do anything may look.
                .filter(role -> admin || role == Role.VIEWER || roles.contains(role))
                .map(Role::wire)
                .toList();
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
