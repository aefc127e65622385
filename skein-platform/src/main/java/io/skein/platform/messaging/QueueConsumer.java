package io.skein.platform.messaging;

import io.skein.contracts.topology.Queue;
import org.jdbi.v3.core.Handle;

/**
 * A bean that handles the messages of a shared queue. The platform finds and starts it, keeps an inbox, runs
 * {@link #handle} in a transaction and acknowledges after the commit.
 *
 * <pre>
 *  delivered ──► its sender's to say? ──no──► recorded, dead letter
 *                    │ yes
 *                    ▼
 *                inbox row new? ──no──► ack (duplicate)
 *                    │ yes
 *                    ▼
 *                 handle ──► commit ──► ack
 *                    │ MalformedMessageException ──► dead letter at once
 *                    │ RefusedMessageException ──► recorded, dead letter at once
 *                    │ database away ──► wait, try again, message stays ours
 *                    └ anything else ──► back to the queue after a growing delay; dead letter after 20 deliveries
 * </pre>
 */
public interface QueueConsumer {

    Queue queue();

    /** The team whose queue it is, where a queue is one per team. */
    default String team() {
        return "";
    }

    /** How many messages may be under way to this process; bounds memory. */
    default int prefetch() {
        return 16;
    }

    /** How many are handled at once; 1 keeps their order. */
    default int concurrency() {
        return 1;
    }

    /** False: do not consume (a role switched off by configuration). */
    default boolean enabled() {
        return true;
    }

    /** Handles one message inside {@code transaction}; whatever it writes there is committed together with the inbox row. */
    void handle(Handle transaction, Delivery delivery) throws Exception;
}
