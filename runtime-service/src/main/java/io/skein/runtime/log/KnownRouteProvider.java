package io.skein.runtime.log;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What can be said about where an event goes without asking anybody: then it is logged and routed in one go. */
public interface KnownRouteProvider {

    /** What it wakes, nothing when nobody wants it; empty when somebody has to be asked first. Returns at once. */
    Optional<List<Woken>> of(LoggedEvent event);

    /** Told in the transaction that logs them of those it had an answer for. */
    void routed(Handle transaction, List<LoggedEvent> events);
}
