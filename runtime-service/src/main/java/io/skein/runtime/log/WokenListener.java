package io.skein.runtime.log;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Told of events that wake agents, once each, in the transaction that makes it so. */
public interface WokenListener {

    /**
     * Whatever it writes is committed together with the routing, or not at all.
     *
     * @param events each with at least one agent in {@link LoggedEvent#routedTo}
     */
    void woken(Handle transaction, List<LoggedEvent> events);
}
