package io.skein.local.infrastructure;

import java.time.Instant;

/** One infrastructure server of a profile. Every call may be made in any state; none of them is undone by a crash. */
sealed interface Server permits PostgresServer, RedisServer, RabbitServer {
    String name();

    /** Fetches and unpacks the program and makes an empty data directory; nothing to do the second time. */
    void prepare();

    /** Starts it unless it runs; does not wait. */
    void start();

    void awaitReady(Instant deadline);

    boolean isReady();

    /** Ends it gracefully; false when it did not run. */
    boolean stop();
}
