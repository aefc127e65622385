package io.skein.platform.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerCheckTest {

    @ParameterizedTest
    @CsvSource({
        "amqp://127.0.0.1:5672/skein, false, ''",
        "amqp://guest:guest@localhost/skein, false, ''",
        "amqp://skein:kT9vLq2ZxW8rBn4J@broker.example:5672/skein, false, broker-plain",
        "amqps://skein:kT9vLq2ZxW8rBn4J@broker.example/skein, false, ''",
        "amqp://127.0.0.1:5672/skein, true, ''",
        "amqps://skein:kT9vLq2ZxW8rBn4J@broker.example/skein, true, sender-check-off",
        "amqps://guest:guest@broker.example/skein, false, broker-password",
        "amqps://broker.example/skein, false, broker-password",
        "amqps://lock-service:lock-service@broker.example/skein, false, broker-password",
        "amqp://localhost@broker.example/skein, false, broker-plain broker-password",
        "AMQP://broker.example/skein, false, broker-plain broker-password"
    })
    void findsWhatIsUnsafe(String uri, boolean checkOff, String ids) {
        assertEquals(
                ids,
                String.join(
                        " ",
                        BrokerCheck.findings(uri, checkOff).stream()
                                .map(finding -> finding.setting().id())
                                .toList()));
    }
}
