package io.skein.platform.yaml;

/** A text is not YAML, or more than is read; the message is for whoever wrote it and names the line when there is one. */
public final class UnreadableYamlException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean tooLarge;

    UnreadableYamlException(String reason, boolean tooLarge) {
        super(reason);
        this.tooLarge = tooLarge;
    }

    UnreadableYamlException(String reason, int line, boolean tooLarge) {
        super(reason + " (line " + line + ")");
        this.tooLarge = tooLarge;
    }

    /** One of the bounds was reached; otherwise it is not YAML. */
    public boolean isTooLarge() {
        return tooLarge;
    }
}
