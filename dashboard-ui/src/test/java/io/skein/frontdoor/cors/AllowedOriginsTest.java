package io.skein.frontdoor.cors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllowedOriginsTest {

    @Test
    void anOriginIsWrittenAsABrowserWritesIt() {
        assertEquals(
                Set.of("https://a.example", "http://b.example:8080", "http://[::1]:3000"),
                AllowedOrigins.parse(
                        List.of(" https://A.example ", "http://b.example:8080", "http://[::1]:3000", "", " ")));
    }

    @Test
    void whatAllowsTooMuchOrNothingStopsTheStart() {
        for (String wrong : List.of(
                "*",
                "https://*",
                "https://*.example",
                "null",
                "a.example",
                "https://a.example/",
                "file://x",
                "https://")) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> AllowedOrigins.parse(List.of(wrong)), wrong);
            assertTrue(refused.getMessage().contains("SKEIN_FRONTDOOR_CORS_ORIGINS"));
        }
    }
}
