package io.skein.frontdoor.proxy;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The services behind the front door and the first path segments under {@code /api/v1} that are theirs (SPEC, section 10). */
public enum Service {
    ORCHESTRATOR(
            "orchestrator-service",
            UpstreamConfig::orchestrator,
            "sessions",
            "requests",
            "plans",
            "tasks",
            "capacity",
            "llm"),
    REGISTRY("registry-service", UpstreamConfig::registry, "agents", "templates", "nodes"),
    RUNTIME("runtime-service", UpstreamConfig::runtime, "events", "schedules", "webhooks", "runtime"),
    LOCK("lock-service", UpstreamConfig::lock, "locks"),
    AUDIT("audit-service", UpstreamConfig::audit, "audit"),
    INFRA_AGENT("infra-agent-service", UpstreamConfig::infraAgent, "playbooks", "inventories");

    private final String wire;
    private final Function<UpstreamConfig, URI> address;
    private final Set<String> segments;

    Service(String wire, Function<UpstreamConfig, URI> address, String... segments) {
        this.wire = wire;
        this.address = address;
        this.segments = Set.of(segments);
    }

    /** Its name, as in {@code /fleet} and in its logs. */
    public String wire() {
        return wire;
    }

    public URI url(UpstreamConfig config) {
        return address.apply(config);
    }

    static Optional<Service> ofSegment(String segment) {
        return Arrays.stream(values())
                .filter(service -> service.segments.contains(segment))
                .findFirst();
    }

    public static Optional<Service> find(String wire) {
        return Arrays.stream(values())
                .filter(service -> service.wire.equals(wire))
                .findFirst();
    }

    /** Whether an answer may take longer than usual because the caller asked to wait. */
    boolean answersLate() {
        return this == LOCK;
    }
}
