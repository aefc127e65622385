package io.skein.contracts;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/** Identifiers: UUIDv7 (RFC 9562), so that ids sort by the time they were made. */
public final class Ids {

    private Ids() {}

    /** A new id; ids made by one process are strictly increasing. */
    public static UUID next() {
        return UuidCreator.getTimeOrderedEpochPlus1();
    }
}
