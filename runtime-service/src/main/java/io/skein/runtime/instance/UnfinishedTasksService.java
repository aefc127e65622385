package io.skein.runtime.instance;

import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What becomes of an instance's tasks when its state changes; in the same transaction. */
public interface UnfinishedTasksService {

    /** None of them shall go on. */
    void stopped(Handle tx, UUID instance, String actor);

    /** They go on now; {@code since} the epoch millisecond at which they were held up, that time is not theirs. */
    void resumed(Handle tx, UUID instance, long since);

    /** Looks for what there is to do, now. */
    void wake();
}
