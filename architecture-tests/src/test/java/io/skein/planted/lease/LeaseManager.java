package io.skein.planted.lease;

import io.skein.planted.queue.PlantedQueue;
import java.util.Date;

/** A manager that prints dates, with a feature that needs it back. */
public class LeaseManager {
    private final PlantedQueue queue = new PlantedQueue();

    void print() {
        System.out.println(new Date() + " " + queue);
    }
}
