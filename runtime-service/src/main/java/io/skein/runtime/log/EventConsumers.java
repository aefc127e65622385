package io.skein.runtime.log;

import io.skein.contracts.topology.Queue;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The four consumers and their weights. */
final class EventConsumers {

    private EventConsumers() {}

    @Singleton
    static class Critical extends EventConsumer {
        @Inject
        Critical(EventLog log, Clock clock, LogListener listener) {
            super(Queue.RUNTIME_CRITICAL, 4, log, clock, listener);
        }
    }

    @Singleton
    static class High extends EventConsumer {
        @Inject
        High(EventLog log, Clock clock, LogListener listener) {
            super(Queue.RUNTIME_HIGH, 3, log, clock, listener);
        }
    }

    @Singleton
    static class Normal extends EventConsumer {
        @Inject
        Normal(EventLog log, Clock clock, LogListener listener) {
            super(Queue.RUNTIME_NORMAL, 2, log, clock, listener);
        }
    }

    @Singleton
    static class Low extends EventConsumer {
        @Inject
        Low(EventLog log, Clock clock, LogListener listener) {
            super(Queue.RUNTIME_LOW, 1, log, clock, listener);
        }
    }
}
