package io.skein.infra.presence;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.infra.agent.Agent;
import io.skein.infra.agent.AgentConfig;
import io.skein.infra.run.RunDispatcher;
import io.skein.platform.messaging.Heartbeats;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;

/** A heartbeat at start, every few seconds, and a goodbye. */
@ApplicationScoped
class Presence {

    @Inject
    Agent agent;

    @Inject
    AgentConfig config;

    @Inject
    Heartbeats heartbeats;

    @Inject
    RunDispatcher dispatcher;

    @Inject
    Clock clock;

    private Thread thread;

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("presence").start(this::beat);
    }

    /** Early in the shutdown, while the broker is still there: nobody should send us new work. */
    void stop(@Observes @Priority(50) ShutdownEvent event) {
        thread.interrupt();
        send(true);
    }

    private void beat() {
        try {
            while (true) {
                send(false);
                Thread.sleep(config.heartbeatInterval());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the shutdown says goodbye itself
        }
    }

    private void send(boolean goodbye) {
        heartbeats.send(new AgentHeartbeat(
                agent.id(),
                Agent.TYPE,
                agent.node(),
                agent.team(),
                agent.version(),
                Agent.CAPABILITIES,
                config.slots(),
                dispatcher.busy(),
                clock.instant(),
                (int) Math.max(1, config.heartbeatInterval().toSeconds()),
                goodbye));
    }
}
