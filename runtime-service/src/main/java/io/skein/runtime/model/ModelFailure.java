package io.skein.runtime.model;

import io.skein.contracts.error.ErrorCode;
import java.time.Duration;

/** No answer. The message is ours: a provider's may repeat a key. */
final class ModelFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean mayPass;
    private final Duration retryAfter;

    ModelFailure(ErrorCode code, String message, boolean mayPass, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.mayPass = mayPass;
        this.retryAfter = retryAfter;
    }

    ErrorCode code() {
        return code;
    }

    boolean mayPass() {
        return mayPass;
    }

    /** What the provider asked for; zero when it did not. */
    Duration retryAfter() {
        return retryAfter;
    }
}
