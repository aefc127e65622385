package io.skein.desktop.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NewestTest {

    @Test
    @Timeout(10)
    void onlyTheNewestCounts() throws InterruptedException {
        Newest<Integer> place = new Newest<>();
        place.put(1);
        place.put(2);
        place.putBack(1);

        assertEquals(2, place.take());

        place.putBack(7);
        assertEquals(7, place.take(), "what could not be sent is tried again when nothing newer came");
    }

    @Test
    @Timeout(10)
    void takeWaitsForTheNext() throws InterruptedException {
        Newest<String> place = new Newest<>();
        List<String> taken = new ArrayList<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                taken.add(place.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        place.put("late");
        reader.join();

        assertEquals(List.of("late"), taken);
    }

    @Test
    void backoffDoublesToHalfAMinuteAndShakes() {
        Backoff backoff = new Backoff(new Random(7));
        List<Long> pauses = new ArrayList<>();
        long ceiling = 1000;
        for (int i = 0; i < 10; i++) {
            Duration pause = backoff.next();
            assertTrue(pause.toMillis() > ceiling / 2 - 1 && pause.toMillis() <= ceiling, i + ": " + pause);
            pauses.add(pause.toMillis());
            ceiling = Math.min(30_000, ceiling * 2);
        }
        assertEquals(pauses.size(), pauses.stream().distinct().count(), "no two agents in step");
        backoff.reset();
        assertTrue(backoff.next().toMillis() <= 1000);
    }
}
