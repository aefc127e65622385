package io.skein.frontdoor.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/plans", "/plans/0197?tab=log&x=%2F%2Fevil.example", "/requests#new"})
    void ownPagesStay(String path) {
        assertEquals(path, ReturnPath.of(path));
    }

    static List<String> elsewhere() {
        return List.of(
                "//evil.example/",
                "///evil.example/",
                "/\\evil.example/",
                "\\\\evil.example",
                "/\t/evil.example/",
                "/\n/evil.example/",
                " //evil.example/",
                "https://evil.example/",
                "https:evil.example",
                "javascript:alert(1)",
                "evil.example",
                "/.//evil.example",
                "/plans/..//evil.example",
                "/plans\r\nSet-Cookie: skein_refresh=x",
                "/api/v1/auth/oidc/sign-out",
                "/%zz",
                "/" + "a".repeat(2000),
                "");
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void everythingElseIsTheStartPage(String wanted) {
        assertEquals("/", ReturnPath.of(wanted));
    }

    @Test
    void nothingIsTheStartPage() {
        assertEquals("/", ReturnPath.of(null));
    }

    /** The planted bug: "begins with a slash" is what most people would write. */
    @Test
    void aFirstSlashAloneWouldLeadAway() {
        URI door = URI.create("https://skein.example/");
        assertTrue(elsewhere().stream()
                .filter(wanted -> wanted.startsWith("/"))
                .anyMatch(wanted -> wanted.startsWith("//evil")
                        && door.resolve(wanted).getHost().equals("evil.example")));
    }
}
