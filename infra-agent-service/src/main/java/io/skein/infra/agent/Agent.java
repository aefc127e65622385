package io.skein.infra.agent;

import io.skein.contracts.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** This agent's identity. {@link #instance()} tells this process from the one that had the same id before a restart. */
@ApplicationScoped
public class Agent {

    /** The agent type, as in routing keys. */
    public static final String TYPE = "infra";

    /** Work types this agent takes. */
    public static final List<String> CAPABILITIES = List.of("ansible.playbook");

    private final UUID instance = Ids.next();

    @Inject
    AgentConfig config;

    @ConfigProperty(name = "quarkus.application.version", defaultValue = "dev")
    String version;

    public String id() {
        return config.id();
    }

    public UUID instance() {
        return instance;
    }

    public String team() {
        return config.team();
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
