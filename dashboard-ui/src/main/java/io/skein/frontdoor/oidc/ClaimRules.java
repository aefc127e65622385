package io.skein.frontdoor.oidc;

import io.skein.platform.auth.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider's claims mean here. Only what the configuration names gives a role: a group that happens to be called
 * {@code admin} over there is nobody here.
 */
record ClaimRules(
        String nameClaim,
        String rolesClaim,
        Map<String, Set<Role>> roles,
        Optional<Role> defaultRole,
        Optional<String> teamClaim,
        Map<String, String> teams,
        String defaultTeam) {

    /**
     * @throws IllegalArgumentException with the variable that is wrong
     */
    static ClaimRules of(OidcConfig config) {
        Map<String, Set<Role>> roles = new LinkedHashMap<>();
        pairs("SKEIN_OIDC_ROLES", config.roles()).forEach((value, names) -> {
            Set<Role> mapped = EnumSet.noneOf(Role.class);
            for (String name : names.split(";")) {
                mapped.add(role("SKEIN_OIDC_ROLES", name.strip()));
            }
            roles.put(value, mapped);
        });
        return new ClaimRules(
                config.nameClaim(),
                config.rolesClaim(),
                roles,
                config.defaultRole().map(name -> role("SKEIN_OIDC_DEFAULT_ROLE", name)),
                config.teamClaim(),
                pairs("SKEIN_OIDC_TEAMS", config.teams()),
                config.defaultTeam());
    }

    /**
     * @throws RefusedException when nothing gives this person a role
     */
    Person person(String issuer, String subject, Map<String, ?> claims) {
        Set<Role> given = EnumSet.noneOf(Role.class);
        for (String value : values(claims, rolesClaim)) {
            given.addAll(roles.getOrDefault(value, Set.of()));
        }
        if (given.isEmpty()) {
            given.add(defaultRole.orElseThrow(() -> new RefusedException(
                    Refusal.NO_ROLE,
                    "no value of the claim " + rolesClaim + " gives " + subject
                            + " a role (SKEIN_OIDC_ROLES), and there is no SKEIN_OIDC_DEFAULT_ROLE")));
        }
        String name = values(claims, nameClaim).stream().findFirst().orElse("");
        return new Person(issuer, subject, name, team(claims), given);
    }

    private String team(Map<String, ?> claims) {
        if (teamClaim.isEmpty()) {
            return defaultTeam;
        }
        List<String> values = values(claims, teamClaim.get());
        if (teams.isEmpty()) {
            return values.stream().findFirst().orElse(defaultTeam);
        }
        return teams.entrySet().stream()
                .filter(entry -> values.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(defaultTeam);
    }

    /** The texts of a claim: one, or a list of them; {@code a/b} looks into the object a, unless a claim is called that. */
    private static List<String> values(Map<String, ?> claims, String path) {
        Object value = claims.get(path);
        if (value == null && path.indexOf('/') > 0) {
            int slash = path.indexOf('/');
            return claims.get(path.substring(0, slash)) instanceof Map<?, ?> inner
                    ? values(texts(inner), path.substring(slash + 1))
                    : List.of();
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof Collection<?> list) {
            list.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .forEach(texts::add);
        } else if (value instanceof String text) {
            texts.add(text);
        }
        return texts;
    }

    private static Map<String, Object> texts(Map<?, ?> inner) {
        Map<String, Object> map = new LinkedHashMap<>();
        inner.forEach((key, value) -> map.put(String.valueOf(key), value));
        return map;
    }

    /** The last equals sign parts value from name: {@code cn=ops=operator} is about the group {@code cn=ops}. */
    private static Map<String, String> pairs(String variable, Optional<String> text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.orElse("").split(",")) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.lastIndexOf('=');
            if (equals <= 0 || pair.substring(equals + 1).isBlank()) {
                throw new IllegalArgumentException(variable + ": '" + pair.strip() + "' is not value=name");
            }
            if (pairs.put(
                            pair.substring(0, equals).strip(),
                            pair.substring(equals + 1).strip())
                    != null) {
                throw new IllegalArgumentException(
                        variable + ": '" + pair.substring(0, equals).strip() + "' is there twice");
            }
        }
        return pairs;
    }

    private static Role role(String variable, String name) {
        return Role.fromWire(name)
                .filter(role -> role != Role.SERVICE)
                .orElseThrow(() -> new IllegalArgumentException(
                        variable + ": '" + name + "' is none of viewer, operator, approver, admin"));
    }
}
