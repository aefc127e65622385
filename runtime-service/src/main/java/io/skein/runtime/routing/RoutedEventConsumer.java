package io.skein.runtime.routing;

import io.skein.runtime.log.LoggedEvent;
import io.skein.runtime.log.Woken;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Told of each event in the transaction in which it becomes routed: what is written here is true if and only if it is. */
public interface RoutedEventConsumer {

    /**
     * Quick, and fails for nothing but the database: the event could not be routed otherwise, ever.
     *
     * @param agents the definitions whose triggers it fits, version by version, most urgent first; often none
     */
    void routed(Handle tx, LoggedEvent event, List<Woken> agents);
}
