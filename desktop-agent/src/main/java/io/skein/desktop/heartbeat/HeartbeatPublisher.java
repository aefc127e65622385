package io.skein.desktop.heartbeat;

import com.rabbitmq.client.ShutdownSignalException;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.desktop.health.AgentStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Keeps a connection and publishes the newest heartbeat.
 *
 * <pre>
 *            connected                     sent (and not goodbye)
 *   AWAY ──────────────► CONNECTED ──► waits for the newest ──┐
 *    ▲  backoff, jitter      │  ▲                             │
 *    └───────────────────────┘  └─────────────────────────────┘
 *         broken, refused            goodbye sent ──► ENDED
 * </pre>
 *
 * A heartbeat that could not be sent is tried again on the next connection unless a newer one is there. At most one waits.
 */
public final class HeartbeatPublisher {

    private static final Logger LOG = Logger.getLogger(HeartbeatPublisher.class);

    private final Broker broker;
    private final AgentStatus status;
    private final Newest<NodeHeartbeat> outgoing = new Newest<>();
    private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
    private final Thread thread = Thread.ofPlatform().name("publisher").daemon().unstarted(this::run);
    private volatile boolean ending;
    private volatile boolean linked;
    private boolean complained;

    public HeartbeatPublisher(Broker broker, AgentStatus status) {
        this.broker = broker;
        this.status = status;
    }

    public void start() {
        thread.start();
    }

    /** Takes the heartbeat and returns at once; one that still waits is replaced. */
    void offer(NodeHeartbeat heartbeat) {
        outgoing.put(heartbeat);
    }

    /** Sends the last one if the broker is connected, and ends; waits no longer than {@code timeout}. */
    public void sayGoodbye(NodeHeartbeat goodbye, Duration timeout) {
        ending = true;
        outgoing.put(goodbye);
        try {
            if (!linked || !thread.join(timeout)) {
                LOG.warn("The goodbye did not get out; the registry will notice the silence in 90 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                if (publishUntilBroken() || ending) {
                    return;
                }
                Thread.sleep(backoff.next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            status.disconnected();
        }
    }

    /** True when the goodbye is out. */
    private boolean publishUntilBroken() throws InterruptedException {
        NodeHeartbeat unsent = null;
        try (Broker.Link link = broker.connect()) {
            linked = true;
            status.connected();
            if (complained) {
                LOG.infof("The broker at %s is back", broker.address());
                complained = false;
            }
            while (true) {
                unsent = outgoing.take();
                link.publish(unsent);
                status.sent();
                backoff.reset();
                if (unsent.goodbye()) {
                    return true;
                }
                unsent = null;
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            if (unsent != null) {
                outgoing.putBack(unsent);
            }
            complain(e);
            return false;
        } finally {
            linked = false;
        }
    }

    private void complain(Exception e) {
        String reason = reason(e);
        status.failed(reason);
        if (!complained) {
            LOG.warnf(
                    "No heartbeat gets to the broker at %s: %s. Trying again, at most 30 s apart; is it up, and are user "
                            + "name, password and virtual host in SKEIN_RABBITMQ_URI right?",
                    broker.address(), reason);
            complained = true;
        }
    }

    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getMessage() == null && deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }
}
