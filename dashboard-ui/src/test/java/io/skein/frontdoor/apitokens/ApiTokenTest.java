package io.skein.frontdoor.apitokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ApiTokenTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void aTokenNeverMayMoreThanItsOwnerNow() {
        assertEquals(List.of(), excess(ApiToken::roles));
        assertFalse(excess(ApiToken::scopes).isEmpty(), "scopes as they were given outlive a demotion");
        assertFalse(excess(token -> token.owner().roles()).isEmpty(), "the owner's roles are more than was given");
    }

    private static List<String> excess(Function<ApiToken, List<String>> rolesOf) {
        List<String> excess = new ArrayList<>();
        List<List<String>> sets =
                List.of(List.of(), List.of("viewer"), List.of("viewer", "operator"), List.of("viewer", "approver"));
        for (List<String> owner : sets) {
            for (List<String> scopes : sets) {
                List<String> roles = rolesOf.apply(token(owner, scopes, false, NOW.plusSeconds(1), null));
                if (!owner.containsAll(roles) || !scopes.containsAll(roles)) {
                    excess.add(owner + " with " + scopes + " gave " + roles);
                }
            }
        }
        return excess;
    }

    @Test
    void aTokenDiesWithItsTimeItsOwnerOrByHand() {
        List<String> viewer = List.of("viewer");
        assertNull(token(viewer, viewer, false, NOW.plusMillis(1), null).dead(NOW));
        assertNotNull(token(viewer, viewer, false, NOW, null).dead(NOW), "at its very end it is over");
        assertNotNull(
                token(viewer, viewer, true, NOW.plus(Duration.ofDays(1)), null).dead(NOW));
        assertNotNull(
                token(viewer, viewer, false, NOW.plus(Duration.ofDays(1)), NOW).dead(NOW));
    }

    private static ApiToken token(
            List<String> roles, List<String> scopes, boolean disabled, Instant expiresAt, Instant revokedAt) {
        return new ApiToken(
                UUID.randomUUID(),
                new ApiToken.Owner(UUID.randomUUID(), "ada", "default", roles, disabled, 0),
                "ci",
                TokenKind.PERSON,
                null,
                scopes,
                NOW,
                expiresAt,
                null,
                revokedAt);
    }
}
