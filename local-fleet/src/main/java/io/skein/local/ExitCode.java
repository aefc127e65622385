package io.skein.local;

/** What {@code ./skein} commands of this module end with. {@code skein-cli} uses the same numbers. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** It was tried and failed; the last lines say why. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** {@code status}: nothing, or not everything, is running and ready. */
    public static final int NOT_RUNNING = 5;

    /** The machine lacks something: a JDK, Maven, Python, RabbitMQ, a network. */
    public static final int MISSING = 6;

    private ExitCode() {}
}
