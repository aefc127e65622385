package io.skein.orchestrator.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;

/**
 * Something said in a session.
 *
 * @param role user or assistant
 * @param by who answered a question: provider and model, or {@code embedded}; null where none was asked
 */
public record Message(
        UUID id,
        String role,
        String text,
        UUID planId,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) String by) {

    /** Nobody's words but what the state says. */
    public static final String EMBEDDED = "embedded";
}
