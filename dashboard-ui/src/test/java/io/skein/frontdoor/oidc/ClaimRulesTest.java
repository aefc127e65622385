package io.skein.frontdoor.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.DurationConverter;
import io.skein.platform.auth.Role;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimRulesTest {

    @Test
    void onlyNamedGroupsGiveRoles() {
        ClaimRules rules = rules("roles", "skein-admins=admin, ops = operator;approver,cn=eng=viewer");
        assertEquals(Set.of(Role.ADMIN), roles(rules, Map.of("groups", List.of("skein-admins", "admin"))));
        assertEquals(Set.of(Role.OPERATOR, Role.APPROVER), roles(rules, Map.of("groups", "ops")));
        assertEquals(Set.of(Role.VIEWER), roles(rules, Map.of("groups", List.of("cn=eng", 7, Map.of()))));
        assertEquals(Refusal.NO_ROLE, refusal(rules, Map.of("groups", List.of("admin", "viewer"))));
        assertEquals(Refusal.NO_ROLE, refusal(rules, Map.of("groups", Map.of("skein-admins", true))));
        assertEquals(Refusal.NO_ROLE, refusal(rules, Map.of()));
    }

    @Test
    void theRestHasTheDefaultRole() {
        ClaimRules rules = rules("roles", "ops=operator", "default-role", "viewer");
        assertEquals(Set.of(Role.VIEWER), roles(rules, Map.of()));
        assertEquals(Set.of(Role.OPERATOR), roles(rules, Map.of("groups", "ops")));
    }

    @Test
    void aPathLooksInside() {
        ClaimRules rules = rules("roles", "ops=operator", "roles-claim", "realm_access/roles");
        assertEquals(Set.of(Role.OPERATOR), roles(rules, Map.of("realm_access", Map.of("roles", List.of("ops")))));
        assertEquals(Refusal.NO_ROLE, refusal(rules, Map.of("realm_access", "ops")));
        ClaimRules url = rules("roles", "ops=operator", "roles-claim", "https://example.org/groups");
        assertEquals(Set.of(Role.OPERATOR), roles(url, Map.of("https://example.org/groups", List.of("ops"))));
    }

    @Test
    void theTeamIsTheFirstThatFits() {
        ClaimRules rules = rules("default-role", "viewer", "team-claim", "groups", "teams", "eng-a=alpha,eng-b=beta");
        assertEquals("alpha", team(rules, Map.of("groups", List.of("eng-b", "eng-a"))));
        assertEquals("beta", team(rules, Map.of("groups", List.of("eng-b"))));
        assertEquals("default", team(rules, Map.of("groups", List.of("alpha"))));
        assertEquals("default", team(rules("default-role", "viewer"), Map.of("team", "alpha")));
        assertEquals("alpha", team(rules("default-role", "viewer", "team-claim", "team"), Map.of("team", "alpha")));
    }

    @Test
    void aWrongRuleIsSaidAtStart() {
        for (String wrong : List.of("ops", "ops=", "=admin", "ops=god", "ops=service", "ops=viewer,ops=admin")) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> rules("roles", wrong), wrong);
            assertTrue(e.getMessage().startsWith("SKEIN_OIDC_ROLES: "), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> rules("default-role", "service"));
    }

    private static Set<Role> roles(ClaimRules rules, Map<String, ?> claims) {
        return rules.person("issuer", "subject", claims).roles();
    }

    private static String team(ClaimRules rules, Map<String, ?> claims) {
        return rules.person("issuer", "subject", claims).team();
    }

    private static Refusal refusal(ClaimRules rules, Map<String, ?> claims) {
        return assertThrows(RefusedException.class, () -> rules.person("issuer", "subject", claims))
                .refusal();
    }

    private static ClaimRules rules(String... pairs) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put("skein.frontdoor.oidc." + pairs[i], pairs[i + 1]);
        }
        return ClaimRules.of(new SmallRyeConfigBuilder()
                .withMapping(OidcConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(OidcConfig.class));
    }
}
