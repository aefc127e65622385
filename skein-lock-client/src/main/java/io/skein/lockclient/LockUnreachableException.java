package io.skein.lockclient;

/** No answer, or none that says anything: whether it was done is unknown, and asking again with the same request id is safe. */
public class LockUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LockUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
