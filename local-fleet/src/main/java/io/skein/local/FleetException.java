package io.skein.local;

/** Something a person must know and can act on: one sentence with what is wrong and what to do. */
public final class FleetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public FleetException(String sentence) {
        this(ExitCode.FAILED, sentence, null);
    }

    public FleetException(String sentence, Throwable cause) {
        this(ExitCode.FAILED, sentence, cause);
    }

    public FleetException(int exitCode, String sentence, Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }
}
