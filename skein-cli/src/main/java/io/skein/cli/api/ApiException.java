package io.skein.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serial;

/** The fleet said no, or said nothing: one sentence for the person, a stable code for scripts. */
public final class ApiException extends RuntimeException {
    /** The code of {@link #unreachable}. */
    public static final String UNREACHABLE = "unreachable";

    @Serial
    private static final long serialVersionUID = 1L;

    private final String code;
    private final int status;

    public ApiException(String code, int status, String sentence) {
        super(sentence);
        this.code = code;
        this.status = status;
    }

    static ApiException unreachable(String sentence) {
        return new ApiException(UNREACHABLE, 0, sentence);
    }

    /** From a problem+json document, or whatever a proxy answered instead. */
    static ApiException of(int status, JsonNode problem) {
        String code = problem.path("code").asText("http_" + status);
        StringBuilder sentence = new StringBuilder(problem.path("title").asText("The fleet answered " + status));
        String detail = problem.path("detail").asText("");
        if (!detail.isBlank()) {
            sentence.append(": ").append(detail);
        }
        for (JsonNode violation : problem.path("violations")) {
            String message = violation.path("message").asText(violation.asText(""));
            if (!detail.contains(message)) {
                String field =
                        violation.path("field").asText(violation.path("path").asText(""));
                sentence.append("; ").append(field).append(' ').append(message);
            }
        }
        return new ApiException(code, status, sentence.toString());
    }

    public String code() {
        return code;
    }

    /** HTTP status, 0 when there was no answer. */
    public int status() {
        return status;
    }
}
