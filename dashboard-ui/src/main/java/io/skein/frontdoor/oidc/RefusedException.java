package io.skein.frontdoor.oidc;

/** A sign-in that ends on the sign-in page. The message is for the log: it may quote the provider, never a token. */
class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 300;

    private final Refusal refusal;

    RefusedException(Refusal refusal, String message) {
        super(line(message));
        this.refusal = refusal;
    }

    /** One line whatever the provider, or who pretends to be it, has written, and without the token it was about. */
    private static String line(String message) {
        String line = message.replaceAll("\\p{Cntrl}", " ").replaceAll("eyJ[\\w.-]{20,}", "(token)");
        return line.substring(0, Math.min(LONGEST, line.length()));
    }

    Refusal refusal() {
        return refusal;
    }
}
