package io.skein.infra.agent;

import io.skein.contracts.Ids;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.RoutingKeys;
import io.skein.platform.messaging.BrokerUser;
import io.skein.platform.messaging.Self;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * This agent's identity: what its user at the broker says, and the configuration may not say otherwise. {@link #instance()} tells this process from the one that had the same id before a restart.
 */
@ApplicationScoped
public class Agent implements Self {

    /** The agent type, as in routing keys. */
    public static final String TYPE = RoutingKeys.INFRA;

    /** Where the broker has one user for all, so that it names nobody. */
    private static final BrokerIdentity.Agent UNNAMED = new BrokerIdentity.Agent("default", "infra-agent-1");

    /** Work types this agent takes. */
    public static final List<String> CAPABILITIES = List.of(WorkRequest.ANSIBLE_PLAYBOOK, WorkRequest.ANSIBLE_PREVIEW);

    private final UUID instance = Ids.next();

    @Inject
    AgentConfig config;

    @Inject
    BrokerUser broker;

    @ConfigProperty(name = "quarkus.application.version", defaultValue = "dev")
    String version;

    public String id() {
        return identity().agentId();
    }

    public UUID instance() {
        return instance;
    }

    public String team() {
        return identity().team();
    }

    /** The {@code source} of its events. */
    public String source() {
        return identity().source();
    }

    /** What is configured, else what the broker's user says; {@link BrokerUser} refuses to start when these differ. */
    @Override
    public BrokerIdentity.Agent identity() {
        BrokerIdentity.Agent named =
                broker.identity().orElse(UNNAMED) instanceof BrokerIdentity.Agent agent ? agent : UNNAMED;
        return new BrokerIdentity.Agent(
                config.team().orElse(named.team()), config.id().orElse(named.agentId()));
    }

    @Override
    public String settings() {
        return "SKEIN_INFRA_AGENT_ID and SKEIN_INFRA_AGENT_TEAM";
    }

    public String version() {
        return version;
    }

    public String node() {
        return config.node().orElseGet(Agent::hostName);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
