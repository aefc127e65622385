package io.skein.frontdoor.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada",
                "service:lock-service",
                "agent:1",
                "Zoë Müller",
                "ada@example.org",
                "",
                "::",
                "--",
                "名前",
                "a\r\nb",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    void whateverTheWishEachNameIsOneAnAccountMayHave(String wish) {
        List<String> names = names(wish, "subject");
        assertTrue(names.size() >= 2);
        assertTrue(names.stream().allMatch(AccountRules::isName), names.toString());
        assertEquals(names.size(), names.stream().distinct().count());
    }

    @Test
    void theWishComesFirstAndThenANumber() {
        assertEquals(List.of("ada", "ada-2", "ada-3"), names("ada", "subject").subList(0, 3));
    }

    @Test
    void theLastOneIsTheirsAlone() {
        assertNotEquals(names("ada", "one").getLast(), names("ada", "another").getLast());
        assertEquals(names("ada", "one"), names("ada", "one"));
    }

    private static List<String> names(String wish, String subject) {
        return ProviderNames.of(wish, "https://issuer", subject).toList();
    }
}
