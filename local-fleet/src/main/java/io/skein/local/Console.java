package io.skein.local;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/** Progress for people, on standard error so that standard output stays for answers. */
public final class Console {
    private final PrintStream out;
    private final boolean quiet;
    private final Instant start = Instant.now();

    public Console(PrintStream out, boolean quiet) {
        this.out = out;
        this.quiet = quiet;
    }

    /** A line with the seconds since the command began. */
    public void say(String line) {
        if (!quiet) {
            synchronized (out) {
                out.printf("%6.1fs  %s%n", Duration.between(start, Instant.now()).toMillis() / 1000.0, line);
                out.flush();
            }
        }
    }

    /** Something a person should read even when they asked for quiet. */
    public void warn(String line) {
        out.println(line);
        out.flush();
    }
}
