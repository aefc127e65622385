package io.skein.runtime.log;

import io.skein.contracts.topology.Queue;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The four consumers; {@link Turns} has their weights. */
final class EventConsumers {

    private EventConsumers() {}

    @Singleton
    static class Critical extends EventConsumer {
        @Inject
        Critical(Turns turns, LogWriter writer) {
            super(Queue.RUNTIME_CRITICAL, turns, writer);
        }
    }

    @Singleton
    static class High extends EventConsumer {
        @Inject
        High(Turns turns, LogWriter writer) {
            super(Queue.RUNTIME_HIGH, turns, writer);
        }
    }

    @Singleton
    static class Normal extends EventConsumer {
        @Inject
        Normal(Turns turns, LogWriter writer) {
            super(Queue.RUNTIME_NORMAL, turns, writer);
        }
    }

    @Singleton
    static class Low extends EventConsumer {
        @Inject
        Low(Turns turns, LogWriter writer) {
            super(Queue.RUNTIME_LOW, turns, writer);
        }
    }
}
