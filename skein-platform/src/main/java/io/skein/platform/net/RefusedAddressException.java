package io.skein.platform.net;

/** An address that may not be called; the message says why, fit for the person who gave it. */
public final class RefusedAddressException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RefusedAddressException(String message) {
        super(message);
    }
}
