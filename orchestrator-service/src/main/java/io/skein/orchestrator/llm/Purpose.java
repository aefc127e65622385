package io.skein.orchestrator.llm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a model is asked for. Each has a chain of providers of its own. */
public enum Purpose {
    /** What the words of a request mean. */
    PLAN,
    /** A conversation. */
    CHAT,
    /** What went wrong, and what to do about it. */
    REVIEW;

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
