package io.skein.runtime.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Who speaks: how a delivery proves where it comes from, and what it says. */
public enum Format {
    /** Anybody who can sign: HMAC-SHA256 over time and body. */
    GENERIC(new GenericDialect()),
    /** GitHub, and what speaks like it. */
    GITHUB(new GithubDialect()),
    /** Prometheus Alertmanager, webhook version 4. */
    ALERTMANAGER(new AlertmanagerDialect());

    private final Dialect dialect;

    Format(Dialect dialect) {
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Format fromWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
