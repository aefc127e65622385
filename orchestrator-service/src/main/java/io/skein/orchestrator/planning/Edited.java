package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.Draft;

/**
 * A proposal that was changed in words.
 *
 * @param reader who read what no rule could: provider and model; {@code embedded} when nobody else was needed
 */
public record Edited(Draft draft, String reader) {

    /** Whether somebody else than the rules had a part in it. */
    public boolean isAdvised() {
        return !reader.equals(Advice.EMBEDDED);
    }
}
