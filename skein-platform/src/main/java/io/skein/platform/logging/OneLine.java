package io.skein.platform.logging;

import io.quarkus.logging.LoggingFilter;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * One record is one line. Names of files, hosts and people end up in messages and in what exceptions say; a line break in one of
 * them would let its author write log lines of their own, an escape sequence would repaint the terminal of whoever reads. Control
 * characters are written as {@code \\u000a} instead. Applies to every service through {@code quarkus.log.console.filter}.
 */
@LoggingFilter(name = "one-line")
public final class OneLine implements Filter {

    private static final ExtFormatter TEXT = new ExtFormatter() {
        @Override
        public String format(ExtLogRecord message) {
            return message.getFormattedMessage();
        }
    };

    @Override
    public boolean isLoggable(LogRecord logged) {
        ExtLogRecord message = ExtLogRecord.wrap(logged);
        String text = TEXT.format(message);
        if (text != null && !isClean(text)) {
            setText(logged, clean(text));
        }
        if (logged.getThrown() != null && !isClean(logged.getThrown(), 0)) {
            logged.setThrown(Shown.of(logged.getThrown(), new HashMap<>()));
        }
        return true;
    }

    private static void setText(LogRecord logged, String text) {
        if (logged instanceof ExtLogRecord extended) {
            extended.setMessage(text, ExtLogRecord.FormatStyle.NO_FORMAT);
        } else {
            logged.setMessage(text.replace("{", "'{'"));
        }
        logged.setParameters(null);
    }

    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (isHarmless(c)) {
                clean.append((char) c);
            } else {
                clean.append(String.format("\\u%04x", c));
            }
        });
        return clean.toString();
    }

    private static boolean isClean(String text) {
        return text.chars().allMatch(OneLine::isHarmless);
    }

    private static boolean isClean(Throwable thrown, int depth) {
        return isClean(String.valueOf(thrown.getMessage()))
                && (thrown.getCause() == null || depth > 20 || isClean(thrown.getCause(), depth + 1));
    }

    /** Also no line or paragraph separator, and none of the characters that turn the direction of writing. */
    private static boolean isHarmless(int c) {
        return (!Character.isISOControl(c) || c == '\t')
                && c != '\u2028'
                && c != '\u2029'
                && !(c >= '\u202a' && c <= '\u202e')
                && !(c >= '\u2066' && c <= '\u2069');
    }

    /** A throwable as it is printed: same trace, its message in one line. */
    private static final class Shown extends Exception {

        private static final long serialVersionUID = 1L;
        private final String text;
        private Throwable shownCause;

        private Shown(Throwable shown) {
            super(null, null, false, true);
            text = clean(String.valueOf(shown));
            setStackTrace(shown.getStackTrace());
        }

        static Throwable of(Throwable thrown, Map<Throwable, Throwable> seen) {
            Throwable known = seen.get(thrown);
            if (known != null) {
                return known;
            }
            Shown shown = new Shown(thrown);
            seen.put(thrown, shown);
            if (thrown.getCause() != null) {
                shown.shownCause = of(thrown.getCause(), seen);
            }
            return shown;
        }

        @Override
        public synchronized Throwable getCause() {
            return shownCause;
        }

        @Override
        public String toString() {
            return text;
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
