package io.skein.models;

import io.skein.contracts.error.ErrorCode;
import java.time.Duration;

/** No answer. The message is ours: a provider's may repeat a key. */
public final class ModelFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean mayPass;
    private final Duration retryAfter;

    public ModelFailure(ErrorCode code, String message, boolean mayPass, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.mayPass = mayPass;
        this.retryAfter = retryAfter;
    }

    public ErrorCode code() {
        return code;
    }

    public boolean mayPass() {
        return mayPass;
    }

    /** What the provider asked for; zero when it did not. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
