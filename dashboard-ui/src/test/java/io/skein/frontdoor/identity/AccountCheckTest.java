package io.skein.frontdoor.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountCheckTest {

    @ParameterizedTest
    @CsvSource({
        // open registration, bcrypt cost, secure cookies, only this machine
        "false, 12, AUTO, false, ''",
        "true, 12, AUTO, false, open-registration",
        "true, 12, NEVER, true, ''",
        "false, 9, ALWAYS, false, bcrypt-cost",
        "false, 5, AUTO, true, bcrypt-cost",
        "false, 10, NEVER, false, cookies-never-secure"
    })
    void findsWhatIsUnsafe(
            boolean open, int cost, IdentityConfig.SecureCookies cookies, boolean onlyThisMachine, String ids) {
        assertEquals(
                ids,
                String.join(
                        " ",
                        AccountCheck.findings(open, cost, cookies, onlyThisMachine).stream()
                                .map(finding -> finding.setting().id())
                                .toList()));
    }
}
