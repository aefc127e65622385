package io.skein.local;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/** Progress for people, on standard error so that standard output stays for answers. */
public final class Console {
    private static final int BAR = 24;

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
            print("%6.1fs  %s".formatted(seconds(), line));
        }
    }

    /** A line with how far a whole is. */
    public void progress(int done, int all, String line) {
        int filled = all == 0 ? BAR : BAR * done / all;
        say("[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "] " + done + "/" + all + "  " + line);
    }

    /** Something a person should read even when they asked for quiet. */
    public void warn(String line) {
        print(line);
    }

    private void print(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private double seconds() {
        return Duration.between(start, Instant.now()).toMillis() / 1000.0;
    }
}
