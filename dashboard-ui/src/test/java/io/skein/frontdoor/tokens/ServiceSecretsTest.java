package io.skein.frontdoor.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ServiceSecretsTest {

    @Test
    void serviceSecretsAreReadStrictlyAndNeverRepeated() {
        assertEquals(
                2,
                ServiceSecrets.parse("lock-service=0123456789abcdef=, audit-service=0123456789abcdef,")
                        .size());
        for (String bad : new String[] {"lock-service", "=0123456789abcdef", "lock-service=hunter2"}) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> ServiceSecrets.parse(bad));
            assertTrue(refused.getMessage().contains("SKEIN_FRONTDOOR_SERVICE_SECRETS"));
            assertFalse(refused.getMessage().contains("hunter2"));
        }
    }
}
