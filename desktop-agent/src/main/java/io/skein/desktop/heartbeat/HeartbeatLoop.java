package io.skein.desktop.heartbeat;

import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat.Resources;
import io.skein.desktop.NodeIdentity;
import io.skein.desktop.health.AgentStatus;
import io.skein.desktop.machine.MachineProbe;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Samples the machine, the first time at once, then every interval, and hands each sample to the publisher. */
public final class HeartbeatLoop {

    private static final Logger LOG = Logger.getLogger(HeartbeatLoop.class);

    private final NodeIdentity identity;
    private final MachineProbe probe;
    private final HeartbeatPublisher publisher;
    private final AgentStatus status;
    private final Clock clock;
    private final Thread thread = Thread.ofPlatform().name("sampler").daemon().unstarted(this::run);

    public HeartbeatLoop(
            NodeIdentity identity, MachineProbe probe, HeartbeatPublisher publisher, AgentStatus status, Clock clock) {
        this.identity = identity;
        this.probe = probe;
        this.publisher = publisher;
        this.status = status;
        this.clock = clock;
    }

    public void start() {
        thread.start();
    }

    public void stop() {
        thread.interrupt();
    }

    /** The last heartbeat of all: no figures, just that the silence after it is meant. */
    public NodeHeartbeat goodbye() {
        return heartbeat(true, null);
    }

    private void run() {
        long next = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                publisher.offer(heartbeat(false, probe.sample()));
                status.sampled();
            } catch (RuntimeException | LinkageError e) {
                // One unreadable file, or a native library that is not there, must not end the heartbeats without a
                // word;
                // liveness tells when none succeeds any more.
                LOG.errorf(
                        e,
                        "The machine could not be read; trying again in %d s",
                        identity.interval().toSeconds());
            }
            // From the plan, not from now: the interval does not drift. A missed beat (suspend) is not made up for.
            next = Math.max(next + identity.interval().toNanos(), System.nanoTime());
            try {
                Thread.sleep(Math.max(0, next - System.nanoTime()) / 1_000_000);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private NodeHeartbeat heartbeat(boolean goodbye, Resources resources) {
        return new NodeHeartbeat(
                identity.node(),
                identity.team(),
                identity.version(),
                clock.instant(),
                (int) identity.interval().toSeconds(),
                goodbye,
                identity.labels(),
                resources);
    }
}
