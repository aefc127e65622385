package io.skein.lock.lease;

import jakarta.inject.Singleton;
import java.util.UUID;

/** This process among those of the lock service, by a name nobody else has: the channel on which the others tell it something. */
@Singleton
class Replica {

    private final String name = "lock_" + UUID.randomUUID().toString().replace("-", "");

    String name() {
        return name;
    }
}
