package io.skein.runtime.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventMatchTest {

    @ParameterizedTest
    @CsvSource({
        "a.b, a.b, true",
        "a.b, a.c, false",
        "a.*, a.b, true",
        "a.*, a, false",
        "a.*, a.b.c, false",
        "#, a, true",
        "a.#, a, true",
        "a.#, a.b.c, true",
        "#.c, a.b.c, true",
        "#.c, a.b, false",
        "a.#.c, a.c, true",
        "#.b.#, a.b.c, true",
        "#.b.#.b, a.b.c, false",
        "*.#.*, a, false"
    })
    void aPatternStandsForWords(String pattern, String name, boolean fits) {
        assertEquals(fits, EventMatch.fits(pattern, name));
    }

    @ParameterizedTest
    @CsvSource({
        "nas*, nas01, true",
        "nas*, xnas, false",
        "*01, nas01, true",
        "n*s*1, nas01, true",
        "*, '', true",
        "a*a, a, false",
        "a*b*b, ab, false",
        "**, x, true",
        "a.b, axb, false",
        "'*x*', 'l1\nx', true"
    })
    void aStarStandsForAnything(String glob, String value, boolean fits) {
        assertEquals(fits, EventMatch.matches(glob, value));
        assertFalse(EventMatch.matches(glob, null));
    }

    /** Both are written by people we do not know, and looked at for each event. */
    @Test
    void nothingTakesForEver() {
        String long64k = "error".repeat(13_000);
        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertFalse(EventMatch.matches("*error*error*error*error*timeout*", long64k)));
        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertFalse(
                        EventMatch.fits("#.#.#.#.#.#.#.#.#.#.#.#.#.#.#.z", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a")));
    }
}
