package io.skein.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpCheckTest {

    @ParameterizedTest
    @CsvSource({
        // front door, host, TLS, behind a proxy
        "false, 127.0.0.1, false, false, ''",
        "false, 0.0.0.0, false, false, service-plain-http",
        "false, 0.0.0.0, true, false, ''",
        "false, 0.0.0.0, false, true, service-plain-http",
        "true, localhost, false, false, ''",
        "true, 0.0.0.0, false, false, frontdoor-plain-http",
        "true, 0.0.0.0, false, true, ''",
        "true, ::, true, false, ''"
    })
    void listeningInTheClear(boolean frontDoor, String host, boolean tls, boolean behindProxy, String id) {
        assertEquals(
                id,
                HttpCheck.listening(frontDoor, host, tls, behindProxy)
                        .map(finding -> finding.setting().id())
                        .orElse(""));
    }
}
