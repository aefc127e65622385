package io.skein.frontdoor.identity;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.platform.problem.ProblemException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password1234",
                "Passw0rd1234!",
                "P@$$w0rd2026!",
                "123456789012",
                "qwertyuiop123",
                "Qwertz123456!",
                "adminadmin12",
                "changeme-1234",
                "Welcome2026!!",
                "letmein!letmein!",
                "skein-skein-1",
                "iloveyou2026!",
                "abcdefghijkl",
                "aaaaaaaaaaaaaaaa",
                "elevenchars",
                "ada-ada-ada-ada"
            })
    void whatIsGuessedFirstIsNoPassword(String password) {
        assertThrows(ProblemException.class, () -> AccountRules.checkPassword("ada-ada-ada", password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse battery",
                "kR7-tuning-passport",
                "3f9ac1d07be24c58",
                "LwGfY-PxDmN-9pVfn",
                "пароль не угадать",
                "my password is long"
            })
    void aSentenceOrSomethingMadeUpIsOne(String password) {
        assertDoesNotThrow(() -> AccountRules.checkPassword("ada", password));
    }

    @Test
    void theFieldThatIsWrongIsNamed() {
        ProblemException refused = assertThrows(
                ProblemException.class, () -> AccountRules.checkPassword("newPassword", "ada", "password1234"));
        assertEquals(true, refused.getMessage().startsWith("newPassword: "));
    }

    @Test
    void rolesAreThoseOfPeopleAndFollowFromEachOther() {
        assertEquals(List.of("viewer", "approver"), AccountRules.roles(Set.of("approver")));
        assertEquals(List.of("viewer", "operator", "approver", "admin"), AccountRules.roles(Set.of("admin")));
        assertThrows(ProblemException.class, () -> AccountRules.roles(Set.of("service")));
        assertThrows(ProblemException.class, () -> AccountRules.roles(Set.of("Admin")));
    }
}
