package io.skein.runtime.log;

import io.skein.contracts.topology.Queue;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Whose turn it is while several priorities have events waiting. Larger batches alone would not do: four threads that are never
 * done share the processor evenly. So each counts what it logged, divided by its weight; who is a whole batch ahead of the one
 * furthest behind waits for it, half a second at most, so that nobody stands still for another's trouble. Who has nothing
 * to do is not waited for, and saves nothing up; nor does anybody pay for what it did while the others were idle.
 */
@ApplicationScoped
class Turns {

    /** Events of a full batch per unit of weight. With the prefetch 500 events in all. */
    static final int EVENTS_PER_WEIGHT = 25;

    /** What it logged while it was alone counts for no more than this. */
    private static final double DEBT = 2 * EVENTS_PER_WEIGHT;

    private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();

    /** How far each is that has something to do: events per unit of weight. */
    private final Map<Queue, Double> busy = new EnumMap<>(Queue.class);
    /** How far the others got. */
    private final Map<Queue, Double> idle = new EnumMap<>(Queue.class);

    int weight(Queue queue) {
        return switch (queue) {
            case RUNTIME_CRITICAL -> 4;
            case RUNTIME_HIGH -> 3;
            case RUNTIME_NORMAL -> 2;
            case RUNTIME_LOW -> 1;
            default -> throw new IllegalArgumentException(queue.wire());
        };
    }

    /** Waits until it is this one's turn. */
    synchronized void begin(Queue queue) throws InterruptedException {
        if (!busy.containsKey(queue)) {
            double own = idle.getOrDefault(queue, 0.0);
            double least = behind();
            busy.put(queue, busy.isEmpty() ? own : Math.max(least, Math.min(own, least + DEBT)));
        }
        long until = System.nanoTime() + PATIENCE_NANOS;
        long left = PATIENCE_NANOS;
        while (left > 0 && busy.get(queue) >= behind() + EVENTS_PER_WEIGHT) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = until - System.nanoTime();
        }
    }

    /** @param more false: it is not waited for any more */
    synchronized void end(Queue queue, int events, boolean more) {
        double now = busy.getOrDefault(queue, 0.0) + (double) events / weight(queue);
        if (more) {
            busy.put(queue, now);
        } else {
            busy.remove(queue);
            idle.put(queue, now);
        }
        notifyAll();
    }

    private double behind() {
        return busy.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
    }
}
