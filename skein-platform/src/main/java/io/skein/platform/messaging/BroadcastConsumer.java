package io.skein.platform.messaging;

import io.skein.contracts.topology.Exchange;
import java.util.List;

/**
 * A bean that hears messages meant for every process: it has a queue of its own that dies with it. Nothing is kept for it
 * while it is away and nothing is deduplicated; use it for hints, never for facts.
 */
public interface BroadcastConsumer {

    Exchange exchange();

    /** Topic patterns. */
    List<String> bindings();

    void handle(Delivery delivery);
}
