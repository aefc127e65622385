package io.skein.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdentityTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "näs", "nas/01", "nas01\n", "#", "*"})
    void aNameThatIsNoNodeNameSaysWhatToSet(String node) {
        var e = assertThrows(IllegalArgumentException.class, () -> identity(node, "default", Duration.ofSeconds(30)));

        assertTrue(e.getMessage().contains("SKEIN_DESKTOP_AGENT_NODE"), e.getMessage());
    }

    @Test
    void aNameMustFitTheRoutingKey() {
        identity("x".repeat(250), "default", Duration.ofSeconds(30));
        assertThrows(
                IllegalArgumentException.class, () -> identity("x".repeat(251), "default", Duration.ofSeconds(30)));
    }

    @Test
    void teamAndIntervalAreCheckedToo() {
        assertThrows(IllegalArgumentException.class, () -> identity("nas01", "", Duration.ofSeconds(30)));
        assertThrows(IllegalArgumentException.class, () -> identity("nas01", "default", Duration.ofMillis(999)));
        assertThrows(IllegalArgumentException.class, () -> identity("nas01", "default", Duration.ofMinutes(61)));
    }

    @Test
    void theBrokerUserMustBeThisMachines() {
        NodeIdentity identity = identity("nas01", "default", Duration.ofSeconds(30));
        identity.mustBe("node~default~nas01");
        for (String other : new String[] {"node~default~nas02", "node~blue~nas01", "agent~default~nas01", "guest"}) {
            var e = assertThrows(IllegalArgumentException.class, () -> identity.mustBe(other));
            assertTrue(e.getMessage().contains("\"" + other + "\""), e.getMessage());
            assertTrue(e.getMessage().contains("\"node~default~nas01\""), e.getMessage());
        }
    }

    @Test
    void labelsAreKeyValuePairs() {
        assertEquals(
                Map.of("room", "attic", "gpu", "", "url", "a=b"),
                NodeIdentity.parseLabels(" room = attic ,gpu=,url=a=b,"));
        assertEquals(Map.of(), NodeIdentity.parseLabels(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"room", "=x", "a b=c", "a=1,a=2"})
    void otherLabelsAreRefused(String labels) {
        assertThrows(IllegalArgumentException.class, () -> NodeIdentity.parseLabels(labels));
    }

    private static NodeIdentity identity(String node, String team, Duration interval) {
        return new NodeIdentity(node, team, "1", interval, Map.of());
    }
}
