package io.skein.audit.chain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.UUID;

/**
 * The first entry that is not what it was.
 *
 * @param seq its place in the chain
 * @param id of the entry found there, null when there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(long seq, UUID id, Problem problem, String detail) {

    /** The same, without saying which event stands there. */
    Finding withoutId() {
        return new Finding(seq, null, problem, detail);
    }

    /** What was done to it. */
    public enum Problem {
        /** The content is not the one that was hashed. */
        CHANGED,
        /** There is a gap where an entry was. */
        REMOVED,
        /** An entry stands where another one belongs. */
        REORDERED,
        /** Entries at the end are gone. */
        TRUNCATED,
        /** The chain is consistent in itself, but not the one the git commits saw. */
        REWRITTEN;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
