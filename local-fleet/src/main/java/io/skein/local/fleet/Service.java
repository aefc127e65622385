package io.skein.local.fleet;

import io.skein.contracts.topology.BrokerIdentity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The services of the fleet and what each is given here. */
public enum Service {
    FRONTDOOR("dashboard-ui", 8080, "frontdoor", "SKEIN_FRONTDOOR_URL", 112),
    ORCHESTRATOR("orchestrator-service", 8081, "orchestrator", "SKEIN_ORCHESTRATOR_URL", 128),
    REGISTRY("registry-service", 8082, "registry", "SKEIN_REGISTRY_URL", 96),
    RUNTIME("runtime-service", 8083, "runtime", "SKEIN_RUNTIME_URL", 96),
    LOCK("lock-service", 8084, "locks", "SKEIN_LOCK_URL", 96),
    AUDIT("audit-service", 8085, "audit", "SKEIN_AUDIT_URL", 112),
    INFRA_AGENT("infra-agent-service", 8086, "infra", "SKEIN_INFRA_AGENT_URL", 160),
    DESKTOP_AGENT("desktop-agent", 8090, null, null, 24);

    private static final String TEAM = "default";
    private static final int MAX_HOST_NAME = 200;

    private final String module;
    private final int port;
    private final String schema;
    private final String urlVariable;
    private final int heapMegabytes;

    Service(String module, int port, String schema, String urlVariable, int heapMegabytes) {
        this.module = module;
        this.port = port;
        this.schema = schema;
        this.urlVariable = urlVariable;
        this.heapMegabytes = heapMegabytes;
    }

    /** Name of the module, the service and its row in the process table. */
    public String module() {
        return module;
    }

    int port() {
        return port;
    }

    /** Its PostgreSQL schema, if it keeps anything. */
    Optional<String> schema() {
        return Optional.ofNullable(schema);
    }

    /** The variable by which the others learn its address. */
    Optional<String> urlVariable() {
        return Optional.ofNullable(urlVariable);
    }

    int heapMegabytes() {
        return heapMegabytes;
    }

    /** Whom it speaks for on the broker. */
    BrokerIdentity identity() {
        return switch (this) {
            case INFRA_AGENT -> new BrokerIdentity.Agent(TEAM, "infra-agent-1");
            case DESKTOP_AGENT -> new BrokerIdentity.Node(TEAM, hostName());
            default -> new BrokerIdentity.Service(module);
        };
    }

    static List<BrokerIdentity> identities() {
        return Arrays.stream(values()).map(Service::identity).toList();
    }

    /** The machine as the fleet knows it: its host name, as far as such a name may go. */
    static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
            return name.isEmpty() ? "localhost" : name.substring(0, Math.min(name.length(), MAX_HOST_NAME));
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** By module name or the short form: {@code lock-service}, {@code lock}. */
    public static Optional<Service> find(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(service -> service.module.equals(wanted)
                        || service.module.equals(wanted + "-service")
                        || service.name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-')
                                .equals(wanted))
                .findFirst();
    }
}
