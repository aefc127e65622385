package io.skein.desktop.heartbeat;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerSafetyTest {

    @ParameterizedTest
    @CsvSource({
        "amqp://127.0.0.1:5672, ''",
        "amqp://guest:guest@localhost, ''",
        "amqp://[::1]:5672/skein, ''",
        "amqps://agent:x@broker.example/skein, ''",
        "amqp://agent:x@broker.example/skein, broker.example",
        "AMQP://agent:x@Broker.Example, broker.example",
        "amqp://agent:x@10.0.0.4, 10.0.0.4",
        "amqp://agent:x@127.0.0.1.example, 127.0.0.1.example",
        "amqp://127.0.0.1:5672@broker.example, broker.example"
    })
    void aPasswordLeavesThisMachineOnlyUnderTls(String uri, String host) {
        assertEquals(host, BrokerSafety.plainTo(uri).orElse(""));
    }

    @Test
    void thePlainBrokerIsRefusedUnlessAcceptedByItsId() {
        String uri = "amqp://agent:hunter2@broker.example/skein";
        var refused = assertThrows(IllegalArgumentException.class, () -> BrokerSafety.require(uri, List.of()));
        assertTrue(refused.getMessage().contains("SKEIN_ACCEPT_UNSAFE=broker-plain"), refused::getMessage);
        assertFalse(refused.getMessage().contains("hunter2"), refused::getMessage);
        assertThrows(IllegalArgumentException.class, () -> BrokerSafety.require(uri, List.of("redis-plain")));
        assertDoesNotThrow(() -> BrokerSafety.require(uri, List.of("redis-plain", "broker-plain")));
    }

    @Test
    void anUnknownIdIsAMistake() {
        assertThrows(
                IllegalArgumentException.class, () -> BrokerSafety.require("amqp://127.0.0.1:5672", List.of("all")));
    }
}
