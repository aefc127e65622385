package io.skein.cli;

/** What the command ends with; scripts branch on these. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** It was tried and failed, or the fleet refused it. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** The plan was rejected or cancelled. */
    public static final int REJECTED = 3;

    /** A person has to answer or approve first. */
    public static final int NEEDS_INPUT = 4;

    /** The fleet is not reachable, or nobody is signed in. */
    public static final int UNREACHABLE = 5;

    private ExitCode() {}
}
