package io.skein.platform.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Filter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class OneLineTest {

    private static final String FORGED = "2026-01-01T00:00:00.000Z INFO  [io.skein] admin approved everything";
    private static final PatternFormatter CONSOLE = new PatternFormatter("%d %-5p [%c{2.}] %X{traceId} %s%e%n");

    @Test
    void aLineBreakInAParameterWritesNoLineOfItsOwn() {
        assertTrue(hasForgedLine(printf("broken: %s", "x\n" + FORGED), null), "the attack must work unfiltered");
        String log = print(printf("broken: %s", "x\n" + FORGED), new OneLine());
        assertFalse(hasForgedLine(log), log);
        assertTrue(log.contains("broken: x\\u000a2026-01-01"), log);
    }

    @Test
    void norDoesOneInWhatAnExceptionSays() {
        ExtLogRecord thrown = printf("failed", "");
        thrown.setThrown(new IllegalStateException("outer", new RuntimeException("x\r\n" + FORGED)));
        String log = print(thrown, new OneLine());
        assertFalse(hasForgedLine(log), log);
        assertTrue(log.contains("java.lang.RuntimeException: x\\u000d\\u000a2026"), log);
        assertTrue(log.contains("OneLineTest.norDoesOneInWhatAnExceptionSays"), "the trace stays: " + log);
    }

    @Test
    void escapeSequencesAndTurnedTextAreShownNotObeyed() {
        assertEquals("a\\u001b[2Jb\\u202ec\td", OneLine.clean("a\u001b[2Jb\u202ec\td"));
        assertEquals("Grüße, 你好 🦢 {0} %s", OneLine.clean("Grüße, 你好 🦢 {0} %s"));
    }

    @Test
    void exceptionsThatCauseEachOtherDoNotLoop() {
        Exception a = new Exception("a\n" + FORGED);
        Exception b = new Exception("b", a);
        a.initCause(b);
        ExtLogRecord thrown = printf("failed", "");
        thrown.setThrown(a);
        assertFalse(hasForgedLine(print(thrown, new OneLine())));
    }

    private static ExtLogRecord printf(String format, Object parameter) {
        ExtLogRecord logged = new ExtLogRecord(Level.WARN, format, ExtLogRecord.FormatStyle.PRINTF, "x");
        logged.setParameters(new Object[] {parameter});
        logged.setLoggerName("io.skein.test");
        return logged;
    }

    private static boolean hasForgedLine(ExtLogRecord logged, Filter filter) {
        return hasForgedLine(print(logged, filter));
    }

    private static boolean hasForgedLine(String log) {
        return log.lines().anyMatch(line -> line.startsWith("2026-01-01T"));
    }

    private static String print(ExtLogRecord logged, Filter filter) {
        if (filter != null) {
            assertTrue(filter.isLoggable(logged));
        }
        return CONSOLE.format(logged);
    }
}
