package io.skein.runtime.skill.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.platform.net.RefusedAddressException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RUN-02, SEC-01: what a definition's permissions.http allows, and the ways to look as if it did. */
class AllowedAddressesTest {

    private static final List<String> PERMITTED = List.of(
            "https://good.example/hooks/",
            "https://good.example/status",
            "https://whole.example",
            "http://good.example:8080/x/",
            "https://q.example/find?kind=host",
            "not an address",
            "https://user@odd.example/");

    private static final List<String> TRICKS = List.of(
            "https://good.example.evil/hooks/a",
            "https://whole.example.evil/",
            "https://whole.example@evil.example/",
            "https://evil.example#@whole.example/",
            "https://whole.example:8443/",
            "https://whole.example:80/",
            "https://good.example:8443/hooks/a",
            "http://good.example/hooks/a",
            "http://good.example:8081/x/",
            "https://good.example/hooks/../secret",
            "https://good.example/hooks/%2e%2e/secret",
            "https://good.example/hooks/.%2E/secret",
            "https://good.example/hooks/%252e%252e/secret",
            "https://good.example/hooks/..%2fsecret",
            "https://good.example/hooks/..%5csecret",
            "https://good.example/hooks/a%2f..%2f..%2fsecret",
            "https://good.example/hooks/..;/secret",
            "https://good.example/hooks/..;x=1/secret",
            "https://good.example/hooks//evil",
            "https://good.example/hooks/./a",
            "https://good.example/hooks/a%00",
            "https://good.example/hooks",
            "https://good.example/hooksecret",
            "https://good.example/status/",
            "https://good.example/status/x",
            "https://good.example/STATUS",
            "https://good.example/",
            "https://q.example/find?kind=person",
            "https://q.example/find?kind=host&kind=person",
            "https://q.example/find",
            "https://odd.example/",
            "https://sub.whole.example/",
            "https:whole.example/",
            "//whole.example/",
            "ftp://whole.example/",
            "https://whole.example\\@evil.example/",
            "https://whole.example /",
            "");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://good.example/hooks/",
                "https://good.example/hooks/a/b?c=d",
                "https://GOOD.example./hooks/a",
                "https://good.example:443/hooks/a",
                "https://good.example/hooks/caf%C3%A9",
                "https://good.example/hooks/a..b",
                "https://good.example/hooks/...",
                "https://good.example/status",
                "https://good.example/status?now",
                "https://whole.example",
                "https://whole.example/anything",
                "http://good.example:8080/x/y",
                "https://q.example/find?kind=host"
            })
    void whatIsNamedIsAllowed(String url) {
        assertDoesNotThrow(() -> new AllowedAddresses(PERMITTED).check(url));
    }

    @Test
    void whatOnlyLooksLikeItIsNot() {
        for (String trick : TRICKS) {
            assertThrows(RefusedAddressException.class, () -> new AllowedAddresses(PERMITTED).check(trick), trick);
        }
    }

    @Test
    void withoutPermissionsNothingIs() {
        assertThrows(
                RefusedAddressException.class, () -> new AllowedAddresses(List.of()).check("https://good.example/"));
    }

    /** Planted: the check that comes to mind first. The table above sees what it lets through. */
    @Test
    void aPrefixIsNotEnough() {
        List<String> missed = TRICKS.stream()
                .filter(trick -> PERMITTED.stream().anyMatch(trick::startsWith))
                .toList();
        assertTrue(
                missed.containsAll(List.of(
                        "https://whole.example.evil/",
                        "https://whole.example@evil.example/",
                        "https://good.example/hooks/../secret",
                        "https://good.example/hooks/%2e%2e/secret")),
                missed.toString());
    }
}
