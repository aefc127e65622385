package io.skein.runtime.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import io.skein.platform.problem.ProblemException;
import java.time.Instant;
import java.util.List;

/** How one kind of sender proves itself and what its deliveries mean. */
interface Dialect {

    /** Whether a delivery comes from who knows the secret. */
    enum Proof {
        GOOD,
        MISSING,
        STALE,
        WRONG
    }

    /**
     * One event of a delivery.
     *
     * @param subject when the webhook has none of its own; null for none
     * @param keys by which it is known when it comes again: one of them is enough
     */
    record Incoming(String type, Priority priority, String subject, JsonNode data, List<String> keys) {}

    /**
     * Takes as long for a wrong secret as for the right one.
     *
     * @param secrets the current one, and while it is being changed the previous one
     */
    Proof proof(Delivered delivered, List<byte[]> secrets, Instant now);

    /**
     * What a delivery that is proven says.
     *
     * @throws ProblemException validation_failed when it is not what such a sender sends
     */
    List<Incoming> read(Delivered delivered, JsonNode body, Webhook webhook);
}
