package io.skein.packaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fleet as ARCHITECTURE draws it, written down a second time on purpose: the chart and the kustomize manifests are held against
 * this, not against each other.
 */
record Fleet(String name, int port, String schema, boolean redis, Set<String> calls) {
    static final String FRONT_DOOR = "dashboard-ui";

    private static final Map<String, Fleet> SERVICES = new LinkedHashMap<>();

    static {
        add(
                FRONT_DOOR,
                8080,
                "frontdoor",
                true,
                "orchestrator-service",
                "registry-service",
                "runtime-service",
                "lock-service",
                "audit-service",
                "infra-agent-service");
        add(
                "orchestrator-service",
                8081,
                "orchestrator",
                false,
                FRONT_DOOR,
                "infra-agent-service",
                "registry-service",
                "lock-service");
        add("registry-service", 8082, "registry", true, FRONT_DOOR);
        add(
                "runtime-service",
                8083,
                "runtime",
                false,
                FRONT_DOOR,
                "orchestrator-service",
                "registry-service",
                "lock-service",
                "audit-service");
        add("lock-service", 8084, "locks", false, FRONT_DOOR);
        add("audit-service", 8085, "audit", false, FRONT_DOOR);
        add("infra-agent-service", 8086, "infra", false, FRONT_DOOR);
    }

    private static void add(String name, int port, String schema, boolean redis, String... calls) {
        SERVICES.put(name, new Fleet(name, port, schema, redis, new TreeSet<>(List.of(calls))));
    }

    static List<Fleet> services() {
        return List.copyOf(SERVICES.values());
    }

    static Fleet named(String name) {
        return SERVICES.get(name);
    }

    static Set<String> names() {
        return SERVICES.keySet();
    }

    /** Who calls this one. */
    Set<String> callers() {
        Set<String> callers = new TreeSet<>();
        services().stream()
                .filter(service -> service.calls.contains(name))
                .forEach(service -> callers.add(service.name));
        return callers;
    }
}
