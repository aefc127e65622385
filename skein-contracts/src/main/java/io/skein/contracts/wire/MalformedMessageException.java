package io.skein.contracts.wire;

/** The bytes are not the message they should be. No retry can help; agent protocol code 5003. */
public class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
