package io.skein.platform.problem;

import io.skein.contracts.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer from the error catalogue; becomes an RFC 9457 problem document. */
public class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, Object> members = new LinkedHashMap<>();

    /**
     * @param detail what happened and what to do about it, for the person who reads it
     */
    public ProblemException(ErrorCode code, String detail) {
        super(detail);
        this.code = code;
    }

    /** Adds an extension member to the document. */
    public ProblemException with(String member, Object value) {
        members.put(member, value);
        return this;
    }

    public ErrorCode code() {
        return code;
    }

    public Map<String, Object> members() {
        return members;
    }

    /** The usual answer for what is not there or not yours. */
    public static ProblemException notFound(String what) {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no " + what + ", or it is not yours.");
    }

    /** One violated field. */
    public static ProblemException invalid(String field, String message) {
        return new ProblemException(ErrorCode.VALIDATION_FAILED, field + ": " + message)
                .with("violations", java.util.List.of(Map.of("field", field, "message", message)));
    }
}
