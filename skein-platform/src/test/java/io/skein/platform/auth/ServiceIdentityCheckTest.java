package io.skein.platform.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceIdentityCheckTest {

    @ParameterizedTest
    @CsvSource({
        "5f9d1c7e2ab048635f9d1c7e, http://127.0.0.1:8080, ''",
        "5f9d1c7e2ab048635f9d1c7e, https://skein.example, ''",
        "5f9d1c7e2ab048635f9d1c7e, http://dashboard-ui:8080, frontdoor-url-plain-http",
        "secret, https://skein.example, service-secret",
        "0123456789abcdef, https://skein.example, service-secret"
    })
    void findsWhatIsUnsafe(String secret, String url, String ids) {
        assertEquals(
                ids,
                String.join(
                        " ",
                        ServiceIdentityCheck.findings(Optional.of(secret), List.of(url)).stream()
                                .map(finding -> finding.setting().id())
                                .toList()));
    }
}
