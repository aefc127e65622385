package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** SEC-01: deny by default, then exactly the edges of ARCHITECTURE §1 and no other. */
class NetworkPolicyTest {

    @ParameterizedTest
    @EnumSource
    void everythingIsDeniedThatNoServiceAllows(Rendered way) {
        Manifest deny = way.manifests().stream()
                .filter(manifest -> manifest.kind().equals("NetworkPolicy"))
                .filter(manifest -> manifest.name().endsWith("-deny"))
                .findFirst()
                .orElseThrow();
        assertEquals("[\"Ingress\",\"Egress\"]", deny.at("spec", "policyTypes").toString());
        assertTrue(deny.at("spec", "ingress").isJsonNull()
                && deny.at("spec", "egress").isJsonNull());
        assertEquals("", deny.string("spec", "podSelector", "matchLabels", "app.kubernetes.io/component"));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CHART_EVERYTHING")
    void theEdgesAreTheArchitecturesAndNoOther(Rendered way) {
        for (Fleet service : Fleet.services()) {
            Set<String> in = new TreeSet<>();
            if (service.name().equals(Fleet.FRONT_DOOR)) {
                in.add("anything:http");
            } else {
                service.callers().forEach(caller -> in.add(caller + ":http"));
            }
            Set<String> out = new TreeSet<>(Set.of("dns:53", "dns:53/udp", "anything:5432", "anything:5672"));
            service.calls()
                    .forEach(
                            callee -> out.add(callee + ":" + Fleet.named(callee).port()));
            if (service.redis()) {
                out.add("anything:6379");
            }
            assertEquals(
                    new NetworkEdges(in, out), NetworkEdges.of(way.manifests(), service.name()), way + " " + service);
        }
    }

    @Test
    void theValuesNarrowWhatIsOutside() {
        NetworkEdges door = NetworkEdges.of(Rendered.CHART_EVERYTHING.manifests(), Fleet.FRONT_DOOR);
        assertEquals(Set.of("namespace ingress:http", "namespace monitoring:http", "the release:http"), door.in());

        NetworkEdges agent = NetworkEdges.of(Rendered.CHART_EVERYTHING.manifests(), "infra-agent-service");
        assertEquals(Set.of("dashboard-ui:http", "orchestrator-service:http", "namespace monitoring:http"), agent.in());
        assertEquals(
                Set.of(
                        "dns:53",
                        "dns:53/udp",
                        "namespace data:5433",
                        "192.0.2.0/24:5671",
                        "dashboard-ui:8080",
                        "198.51.100.0/24:22"),
                agent.out());
    }

    /** Without a model, see above, there is no way out for agents; with one it is this way, and what the operator adds. */
    @Test
    void agentsReachTheirModelAndWhatTheOperatorNames() {
        NetworkEdges runtime = NetworkEdges.of(Rendered.CHART_EVERYTHING.manifests(), "runtime-service");
        Set<String> out = new TreeSet<>(runtime.out());
        assertTrue(out.removeAll(Set.of("namespace models:8443", "203.0.113.7/32:443")), out::toString);
        assertEquals(
                Set.of(
                        "dns:53",
                        "dns:53/udp",
                        "namespace data:5433",
                        "192.0.2.0/24:5671",
                        "dashboard-ui:8080",
                        "orchestrator-service:8081",
                        "registry-service:8082",
                        "lock-service:8084",
                        "audit-service:8085"),
                out);
    }

    @Test
    void theOrchestratorReachesTheModelsItIsTold() {
        NetworkEdges orchestrator = NetworkEdges.of(Rendered.CHART_EVERYTHING.manifests(), "orchestrator-service");
        assertTrue(
                orchestrator.out().containsAll(Set.of("anything:11434", "anything:443")),
                () -> orchestrator.out().toString());
    }

    @Test
    void theBootstrapJobReachesTheDatabaseAndNothingElse() {
        NetworkEdges bootstrap = NetworkEdges.of(Rendered.CHART_TRIAL.manifests(), "bootstrap");
        assertEquals(Set.of(), bootstrap.in());
        assertEquals(Set.of("dns:53", "dns:53/udp", "anything:5432"), bootstrap.out());
    }
}
