package io.skein.orchestrator.draft;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * A variable of a step and where its value comes from.
 *
 * @param value null when there is none (yet)
 * @param quote the words of the request that gave it, or null
 * @param secret never shown and never written to evidence
 * @param required the playbook cannot run without it
 * @param type as the playbook says, or null
 */
public record PlannedVariable(
        String name, JsonNode value, Source source, String quote, boolean secret, boolean required, String type) {

    /** What stands for a secret wherever a person can read. */
    public static final String REDACTED = "[redacted]";

    public PlannedVariable {
        value = value == null || value.isNull() ? null : value;
    }

    public enum Source {
        PLAYBOOK_DEFAULT,
        REQUEST,
        INVENTORY,
        MODIFIED,
        MISSING;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public PlannedVariable with(JsonNode newValue, Source newSource, String newQuote) {
        return new PlannedVariable(name, newValue, newSource, newQuote, secret, required, type);
    }

    /**
     * The value has to be passed to the run: the request gave it, or it follows from where the step runs. What the playbook and
     * the inventory's own files say, Ansible reads itself.
     */
    @JsonIgnore
    public boolean isGiven() {
        return value != null
                && (source == Source.REQUEST
                        || source == Source.MODIFIED
                        || source == Source.INVENTORY && quote != null);
    }
}
