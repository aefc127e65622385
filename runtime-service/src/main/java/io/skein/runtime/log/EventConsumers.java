package io.skein.runtime.log;

import io.skein.contracts.topology.Queue;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The four consumers and their weights. */
final class EventConsumers {

    private EventConsumers() {}

    @Singleton
    static class Critical extends EventConsumer {
        @Inject
        Critical(LogWriter writer) {
            super(Queue.RUNTIME_CRITICAL, 4, writer);
        }
    }

    @Singleton
    static class High extends EventConsumer {
        @Inject
        High(LogWriter writer) {
            super(Queue.RUNTIME_HIGH, 3, writer);
        }
    }

    @Singleton
    static class Normal extends EventConsumer {
        @Inject
        Normal(LogWriter writer) {
            super(Queue.RUNTIME_NORMAL, 2, writer);
        }
    }

    @Singleton
    static class Low extends EventConsumer {
        @Inject
        Low(LogWriter writer) {
            super(Queue.RUNTIME_LOW, 1, writer);
        }
    }
}
