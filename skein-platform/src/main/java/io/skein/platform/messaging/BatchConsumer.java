package io.skein.platform.messaging;

import io.skein.contracts.topology.Queue;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * A bean that handles the messages of a shared queue many at a time, where one transaction each would cost more than the
 * messages. What has been delivered when the last batch is done, and what comes while it {@link #gathers()}, is the next one: nobody
 * waits for a batch to fill.
 *
 * <pre>
 *  delivered, up to {@link #batch()} ──► each: its sender's to say? ──no──► recorded, dead letter, like with {@link QueueConsumer}
 *                    │ yes
 *                    ▼
 *       one transaction: inbox rows new? ──no──► left out (duplicates)
 *                    │ yes
 *                    ▼
 *                 handle ──► commit ──► one ack for all
 *                    │ database away ──► wait, try again
 *                    └ anything else ──► one after the other, each as {@link QueueConsumer} would: a bad one spoils no other
 * </pre>
 */
public interface BatchConsumer {

    Queue queue();

    /** The most messages one transaction takes. */
    int batch();

    /** How many messages may be under way to this process; bounds memory. The next batch comes while one is written. */
    default int prefetch() {
        return 2 * batch();
    }

    /** Under which name the inbox remembers; consumers that name the same one handle a message once between them. */
    default String inbox() {
        return queue().wire();
    }

    /** What the inbox knows a message by. */
    default UUID key(Delivery delivery) {
        return delivery.messageId();
    }

    /** False: do not consume (a role switched off by configuration). */
    default boolean enabled() {
        return true;
    }

    /**
     * Under load, how long after a batch the next one may gather: each transaction, and each acknowledgement, costs the machine as
     * much as many messages do. Whoever comes after a quiet moment never waits. Zero: what is there is the next batch.
     */
    default Duration gathers() {
        return Duration.ZERO;
    }

    /** Before each batch, outside of any transaction: may wait a little, so that others come to their share. */
    default void begin() throws InterruptedException {}

    /**
     * After each batch, whatever became of it.
     *
     * @param more true when the next one is there already
     */
    default void end(int messages, boolean more) {}

    /**
     * Handles messages inside {@code transaction}, all or none; at least one, in the order they came. May be called again with
     * fewer of them after it failed.
     */
    void handle(Handle transaction, List<Delivery> deliveries) throws Exception;
}
