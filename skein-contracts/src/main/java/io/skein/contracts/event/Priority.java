package io.skein.contracts.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Event priority, most urgent first. Each priority has a queue of its own, so one never blocks another. */
public enum Priority {
    CRITICAL,
    HIGH,
    NORMAL,
    LOW;

    /** Lower-case name, as on the wire and as first word of the routing key. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Priority fromWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
