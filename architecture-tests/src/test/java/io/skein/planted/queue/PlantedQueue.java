package io.skein.planted.queue;

import io.skein.planted.lease.LeaseManager;

/** The other half of a cycle. */
public class PlantedQueue {
    LeaseManager lease;
}
