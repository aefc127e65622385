package io.skein.orchestrator.session;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;

/**
 * Something a stage left behind.
 *
 * @param kind request, plan_version, decision, step_result, outcome, evaluation or correction
 * @param number the version, or the step
 * @param by who made it, or null
 * @param text for a person
 * @param place in the list of its plan's artefacts
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Artefact(
        Stage stage,
        String kind,
        UUID planId,
        Integer number,
        String status,
        String text,
        String by,
        Instant at,
        @JsonIgnore Place place) {

    /** Where it is in the list: after everything of earlier plans and of earlier stages, and alone there. */
    record Place(UUID planId, int rank, String sub) {

        String wire() {
            return planId + "." + rank + "." + sub;
        }

        /** @throws IllegalArgumentException when no list gave this out */
        static Place of(String wire) {
            String[] parts = wire.split("\\.", 3);
            if (parts.length != 3 || !parts[2].matches("[0-9a-f-]{0,40}")) {
                throw new IllegalArgumentException("no place");
            }
            return new Place(UUID.fromString(parts[0]), Integer.parseInt(parts[1]), parts[2]);
        }
    }
}
