package io.skein.orchestrator.request;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.platform.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewRequestTest {

    private static NewRequest of(String text) {
        return new NewRequest(text, null, null, null, null, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0000x", "x\u001b[31m", "x\ud83e", "\udd86x", "x\uffff", "...", "\u0085x"})
    void refusesWhatIsNoText(String text) {
        assertThrows(ProblemException.class, () -> of(text).check());
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy it", "deploy 🦆 it", "eins\nzwei\tdrei\r\n", "设置 nginx", "a"})
    void takesText(String text) {
        assertDoesNotThrow(() -> of(text).check());
    }

    @Test
    void lengthCountsWithoutTheSpacesAround() {
        assertDoesNotThrow(() -> of(" " + "x".repeat(8000) + " ").check());
        assertThrows(ProblemException.class, () -> of("x".repeat(8001)).check());
    }

    @Test
    void refusesOtherFieldsThatAreWrong() {
        assertThrows(ProblemException.class, () -> new NewRequest("x", "urgent", null, null, null, null).check());
        assertThrows(ProblemException.class, () -> new NewRequest("x", null, "7", null, null, null).check());
        assertThrows(
                ProblemException.class, () -> new NewRequest("x", null, null, null, "y".repeat(501), null).check());
        assertThrows(ProblemException.class, () -> of(null).check());
    }

    @Test
    void theSameRequestIsRecognised() {
        assertEquals(of("Deploy  Kuma.\n").textKey(), of(" deploy kuma").textKey());
        assertEquals("a\nb", of("a\r\nb").cleanText());
    }
}
