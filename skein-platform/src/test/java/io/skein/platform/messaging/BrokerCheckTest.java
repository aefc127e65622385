package io.skein.platform.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerCheckTest {

    @ParameterizedTest
    @CsvSource({
        "amqp://127.0.0.1:5672/skein, ''",
        "amqp://guest:guest@localhost/skein, ''",
        "amqp://skein:kT9vLq2ZxW8rBn4J@broker.example:5672/skein, broker-plain",
        "amqps://skein:kT9vLq2ZxW8rBn4J@broker.example/skein, ''",
        "amqps://guest:guest@broker.example/skein, broker-password",
        "amqps://broker.example/skein, broker-password",
        "amqps://lock-service:lock-service@broker.example/skein, broker-password",
        "amqp://localhost@broker.example/skein, broker-plain broker-password",
        "AMQP://broker.example/skein, broker-plain broker-password"
    })
    void findsWhatIsUnsafe(String uri, String ids) {
        assertEquals(
                ids,
                String.join(
                        " ",
                        BrokerCheck.findings(uri).stream()
                                .map(finding -> finding.setting().id())
                                .toList()));
    }
}
