package io.skein.runtime.log;

import java.util.List;
import java.util.Optional;

/** What can be said about where an event goes without asking anybody: then it is logged and routed in one go. */
public interface KnownRoutes {

    /** Ids of the agents it wakes, none when nobody wants it; empty when somebody has to be asked first. Returns at once. */
    Optional<List<String>> of(LoggedEvent event);
}
