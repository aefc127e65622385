package io.skein.desktop;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.desktop.gpu.GpuInventory;
import io.skein.desktop.health.AgentStatus;
import io.skein.desktop.health.HealthEndpoint;
import io.skein.desktop.heartbeat.Broker;
import io.skein.desktop.heartbeat.BrokerSafety;
import io.skein.desktop.heartbeat.HeartbeatLoop;
import io.skein.desktop.heartbeat.HeartbeatPublisher;
import io.skein.desktop.machine.MachineProbe;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Puts the parts together at start and takes them down in the order that lets the goodbye out. */
@Singleton
@RegisterForReflection(
        targets = {NodeHeartbeat.class, NodeHeartbeat.Resources.class, NodeHeartbeat.Disk.class, NodeHeartbeat.Gpu.class
        })
class DesktopAgent {

    private static final Logger LOG = Logger.getLogger(DesktopAgent.class);

    private final AgentConfig config;
    private final String version;
    private HeartbeatLoop loop;
    private HeartbeatPublisher publisher;
    private HealthEndpoint health;

    @Inject
    DesktopAgent(AgentConfig config, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.config = config;
        this.version = version;
    }

    void start(@Observes StartupEvent event) throws IOException {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            BrokerSafety.require(config.rabbitmqUri(), config.acceptUnsafe().orElse(List.of()));
        }
        Broker broker = Broker.at(config.rabbitmqUri(), "desktop-agent", config.tlsTrust());
        NodeIdentity identity = identity(broker);
        AgentStatus status = new AgentStatus(identity.interval(), Clock.systemUTC());
        if (config.httpPort() >= 0) {
            health = HealthEndpoint.start(config.httpHost(), config.httpPort(), status);
        }
        publisher = new HeartbeatPublisher(broker, status);
        loop = new HeartbeatLoop(
                identity,
                new MachineProbe(GpuInventory.ofThisMachine(config.gpuTimeout())),
                publisher,
                status,
                Clock.systemUTC());
        publisher.start();
        loop.start();
        LOG.infof(
                "Node %s of team %s reports to %s every %d s%s",
                identity.node(),
                identity.team(),
                broker.address(),
                identity.interval().toSeconds(),
                health == null ? "" : "; health at http://" + config.httpHost() + ":" + health.port() + "/q/health");
    }

    void stop(@Observes ShutdownEvent event) {
        if (loop != null) {
            loop.stop();
            publisher.sayGoodbye(loop.goodbye(), config.goodbyeTimeout());
        }
        if (health != null) {
            health.stop();
        }
    }

    /** Where the health endpoint listens; -1 when it is switched off. */
    int healthPort() {
        return health == null ? -1 : health.port();
    }

    private NodeIdentity identity(Broker broker) {
        Optional<BrokerIdentity.Node> named = broker.node();
        NodeIdentity identity = new NodeIdentity(
                config.node().or(() -> named.map(BrokerIdentity.Node::node)).orElseGet(DesktopAgent::hostName),
                config.team().or(() -> named.map(BrokerIdentity.Node::team)).orElse("default"),
                version,
                config.interval(),
                config.labels().map(NodeIdentity::parseLabels).orElse(Map.of()));
        if (config.senderCheck() == AgentConfig.SenderCheck.REQUIRED) {
            identity.mustBe(broker.user());
        }
        return identity;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // The host name does not resolve; the message is "<name>: reason", and the environment often knows better.
            String fromEnvironment = System.getenv().getOrDefault("HOSTNAME", System.getenv("COMPUTERNAME"));
            if (fromEnvironment == null) {
                throw new IllegalArgumentException(
                        "this machine's name cannot be found out; set SKEIN_DESKTOP_AGENT_NODE", e);
            }
            return fromEnvironment;
        }
    }
}
