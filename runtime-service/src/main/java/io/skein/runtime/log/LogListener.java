package io.skein.runtime.log;

import java.util.List;

/** Told after the commit that the log has something new. */
public interface LogListener {

    /**
     * Returns at once.
     *
     * @param events as logged: some are routed already, some are pending
     */
    void logged(List<LoggedEvent> events);
}
