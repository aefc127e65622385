package io.skein.infra.catalogue;

/** A file cannot be what it should be; the message is for the person who wrote it and names the line when there is one. */
class BrokenFileException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokenFileException(String reason) {
        super(reason);
    }

    BrokenFileException(String reason, int line) {
        super(reason + " (line " + line + ")");
    }
}
