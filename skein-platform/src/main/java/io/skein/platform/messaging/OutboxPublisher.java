package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Sends what is in the outbox, in the order it was written, and deletes it once the broker has confirmed it. A crash between
 * confirm and the deletion on disk sends it again: consumers deduplicate by message id. Rows are claimed with {@code SKIP LOCKED}, so
 * replicas share the work; across replicas the order is not kept.
 */
@ApplicationScoped
class OutboxPublisher {

    private static final Logger LOG = Logger.getLogger(OutboxPublisher.class);
    private static final int BATCH = 256;
    private static final long POLL_MILLIS = 1000;
    private static final long CONFIRM_MILLIS = 10_000;
    private static final long RETRY_MILLIS = 1000;
    private static final long FLUSH_MILLIS = 3000;

    /** Under load: what comes within this time after a batch goes with the next one, a few milliseconds later. */
    private static final Duration BUSY = Duration.ofMillis(20);

    private static final Duration GATHER = Duration.ofMillis(4);

    private record Row(long id, UUID messageId, String exchange, String key, String contentType, byte[] body) {}

    @Inject
    Broker broker;

    @Inject
    Jdbi jdbi;

    @Inject
    MeterRegistry metrics;

    private final Semaphore signal = new Semaphore(0);
    private final Semaphore urgent = new Semaphore(0);
    private volatile boolean stopping;
    private Thread thread;
    private Channel channel;
    private Counter published;
    private long sentAt = System.nanoTime() - BUSY.toNanos();

    void start(@Observes @Priority(500) StartupEvent event) {
        published = Counter.builder("skein.outbox.published")
                .description("Messages confirmed by the broker")
                .register(metrics);
        thread = Thread.ofPlatform().daemon().name("outbox").start(this::run);
    }

    /** Flushes what is there, bounded in time; what is left is sent after the next start. */
    void stop(@Observes @Priority(500) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        signalUrgent();
        if (thread != null) {
            thread.join(FLUSH_MILLIS);
        }
    }

    /** Something was committed: look now. */
    void signal() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /** Something was committed that somebody waits for: look now, and gather nothing. */
    void signalUrgent() {
        urgent.release();
        signal();
    }

    private void run() {
        boolean more = true;
        boolean failing = false;
        while (!stopping || more) {
            try {
                if (!more && signal.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    gather();
                    signal.drainPermits();
                }
                urgent.drainPermits();
                more = publishBatch() == BATCH;
                sentAt = System.nanoTime();
                if (failing) {
                    LOG.info("outbox is sending again");
                    failing = false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                more = false;
                closeChannel();
                if (stopping) {
                    return;
                }
                if (!failing) {
                    LOG.warnf("outbox cannot send, messages wait in the database: %s", e.getMessage());
                    failing = true;
                }
                pause();
            }
        }
    }

    /** One transaction and one confirm for each message would cost more than the messages' causes do. Ends with the first urgent one. */
    private void gather() throws InterruptedException {
        if (System.nanoTime() - sentAt < BUSY.toNanos()) {
            urgent.tryAcquire(GATHER.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private int publishBatch() throws Exception {
        if (channel == null || !channel.isOpen()) {
            channel = broker.channel();
            channel.confirmSelect();
        }
        return jdbi.<Integer, Exception>inTransaction(tx -> {
            List<Row> rows = claim(tx);
            if (rows.isEmpty()) {
                return 0;
            }
            for (Row row : rows) {
                channel.basicPublish(row.exchange(), row.key(), false, properties(row), row.body());
            }
            try {
                channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
            } catch (TimeoutException e) {
                throw new IOException("the broker did not confirm in time", e);
            }
            delete(tx, rows);
            published.increment(rows.size());
            return rows.size();
        });
    }

    private static List<Row> claim(Handle tx) {
        return tx.createQuery("""
                        SELECT id, message_id, exchange, routing_key, content_type, body FROM outbox
                        ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED""")
                .bind("batch", BATCH)
                .map((rs, ctx) -> new Row(
                        rs.getLong(1),
                        rs.getObject(2, UUID.class),
                        rs.getString(3),
                        rs.getString(4),
                        rs.getString(5),
                        rs.getBytes(6)))
                .list();
    }

    private static void delete(Handle tx, List<Row> rows) throws java.sql.SQLException {
        // Not waiting for the disk: what a crash of the database brings back is sent again, as after one of ours.
        tx.execute("SET LOCAL synchronous_commit = off");
        List<Long> ids = new ArrayList<>();
        rows.forEach(row -> ids.add(row.id()));
        Connection connection = tx.getConnection();
        try (var statement = connection.prepareStatement("DELETE FROM outbox WHERE id = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            statement.executeUpdate();
        }
    }

    private AMQP.BasicProperties properties(Row row) {
        return new AMQP.BasicProperties.Builder()
                .messageId(row.messageId().toString())
                .userId(broker.user())
                .contentType(row.contentType())
                .deliveryMode(2)
                .timestamp(new Date())
                .build();
    }

    private void closeChannel() {
        if (channel != null) {
            try {
                channel.abort();
            } catch (IOException e) {
                LOG.debugf("closing a broken channel: %s", e.getMessage());
            }
            channel = null;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
