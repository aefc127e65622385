package io.skein.runtime.routing;

import io.skein.runtime.publish.ReservedTypes;
import jakarta.enterprise.context.ApplicationScoped;

/** The type as a metric's tag: people invent types without end, a metric must not grow with them. */
@ApplicationScoped
class EventTypeTag {

    private static final int MAX_LENGTH = 64;

    String of(String type) {
        return ReservedTypes.isReserved(type) && type.length() <= MAX_LENGTH ? type : "custom";
    }
}
