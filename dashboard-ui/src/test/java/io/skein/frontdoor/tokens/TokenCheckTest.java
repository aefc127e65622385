package io.skein.frontdoor.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.platform.readiness.Finding;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCheckTest {

    @ParameterizedTest
    @CsvSource({
        "5f9d1c7e2ab048635f9d1c7e2ab04863, lock-service=5f9d1c7e2ab048635f9d1c7e, PT10M, ''",
        "5f9d1c7e2ab048635f9d1c7e2ab04863, '', PT30M, ''",
        "5f9d1c7e2ab048635f9d1c7e2ab04863, '', PT31M, token-lifetime",
        "00000000000000000000000000000000, '', PT10M, key-secret",
        "5f9d1c7e2ab048635f9d1c7e2ab04863, lock-service=0123456789abcdef, PT10M, service-secret"
    })
    void findsWhatIsUnsafe(String key, String services, Duration lifetime, String ids) {
        List<Finding> findings = TokenCheck.findings(key, services, lifetime);
        assertEquals(
                ids,
                String.join(
                        " ",
                        findings.stream().map(finding -> finding.setting().id()).toList()));
        assertFalse(findings.toString().contains("0123456789abcdef"), "a secret in a finding");
    }
}
