package io.skein.runtime.schedule;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What becomes of due times that went by while nobody could fire: the fleet was down, or the database. */
public enum Missed {
    /** They are gone. */
    SKIP,
    /** The latest one is made up for, for all of them. */
    ONCE,
    /** Each is made up for, the latest 100 of them. */
    ALL;

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Missed fromWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
