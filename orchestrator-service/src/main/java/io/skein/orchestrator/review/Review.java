package io.skein.orchestrator.review;

import java.util.List;
import java.util.UUID;

/**
 * A version of a plan that somebody is to look at.
 *
 * @param reviewer provider and model, or null while nobody answered
 */
public record Review(UUID planId, int version, String reviewer, List<Suggestion> suggestions) {

    public Review {
        suggestions = List.copyOf(suggestions);
    }

    /** @param step its number in that version */
    public record Suggestion(int step, String text) {}
}
