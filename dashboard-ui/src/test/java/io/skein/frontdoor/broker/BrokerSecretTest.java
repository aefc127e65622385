package io.skein.frontdoor.broker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerSecretTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @Test
    void withoutASecretNobodyIsTheBroker() {
        BrokerSecret none = new BrokerSecret(new Given(Optional.empty()));
        assertFalse(none.matches(""));
        assertFalse(none.matches("null"));
        assertFalse(new BrokerSecret(new Given(Optional.of(" "))).matches(" "));
    }

    @Test
    void onlyTheSecretMatches() {
        BrokerSecret secret = new BrokerSecret(new Given(Optional.of(SECRET)));
        assertTrue(secret.matches(SECRET));
        assertFalse(secret.matches(SECRET + "0"));
        assertFalse(secret.matches(SECRET.substring(1)));
        assertFalse(secret.matches(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "0123456789abcdef/0123456789abcdef", "0123456789abcdef 0123456789abcdef"})
    void oneThatIsWeakOrNoPartOfAnAddressStopsTheStart(String secret) {
        var refused = assertThrows(IllegalStateException.class, () -> new BrokerSecret(new Given(Optional.of(secret))));
        assertTrue(refused.getMessage().contains("SKEIN_FRONTDOOR_BROKER_SECRET"));
        assertFalse(refused.getMessage().contains(secret));
    }

    private record Given(Optional<String> secret) implements BrokerConfig {
        @Override
        public String vhost() {
            return "skein";
        }
    }
}
