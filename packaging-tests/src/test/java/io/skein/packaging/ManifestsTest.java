package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** K8S-01, K8S-02: every way of rendering the fleet gives objects an API server takes, that belong together and give little away. */
class ManifestsTest {

    @ParameterizedTest
    @EnumSource
    void everyObjectKeepsEveryRule(Rendered way) {
        assertEquals(List.of(), ManifestRules.all(way.manifests(), Rendered.EXTERNAL));
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceHasAllItNeedsToRun(Rendered way) {
        for (String kind : List.of("Deployment", "Service", "ServiceAccount", "PodDisruptionBudget")) {
            Set<String> names = way.manifests().stream()
                    .filter(manifest -> manifest.kind().equals(kind))
                    .map(Manifest::name)
                    .map(name -> name.replaceFirst("^(skein|fleet)-", ""))
                    .filter(name -> !name.equals("bootstrap"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(new TreeSet<>(Fleet.names()), names, kind);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theServicePortIsTheOneTheArchitectureGives(Rendered way) {
        for (Fleet service : Fleet.services()) {
            Manifest object = way.manifests().stream()
                    .filter(manifest -> manifest.kind().equals("Service"))
                    .filter(manifest -> manifest.name().endsWith(service.name()))
                    .findFirst()
                    .orElseThrow();
            JsonObject port = Manifest.objects(object.at("spec", "ports")).getFirst();
            assertEquals(service.port(), port.get("port").getAsInt(), object.id());
        }
    }

    @Test
    void onlyServicesThatMayRunTwiceScale() {
        Set<String> scaled = Rendered.CHART_EVERYTHING.manifests().stream()
                .filter(manifest -> manifest.kind().equals("HorizontalPodAutoscaler"))
                .map(Manifest::component)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(Fleet.FRONT_DOOR, "orchestrator-service", "runtime-service", "lock-service"), scaled);
        assertTrue(Rendered.CHART_EXTERNAL.manifests().stream()
                .noneMatch(manifest -> manifest.kind().equals("HorizontalPodAutoscaler")));
        // Where an autoscaler decides, the chart must not: an upgrade would set the number back.
        assertTrue(Rendered.CHART_EVERYTHING
                .deployment("lock-service")
                .at("spec", "replicas")
                .isJsonNull());
        assertEquals(
                3,
                Rendered.CHART_EVERYTHING
                        .deployment("registry-service")
                        .at("spec", "replicas")
                        .getAsInt());
    }

    @Test
    void oneWriterOwnsAWorkTree() {
        for (Rendered way : Rendered.values()) {
            for (String service : List.of("audit-service", "infra-agent-service")) {
                Manifest deployment = way.deployment(service);
                assertEquals("Recreate", deployment.string("spec", "strategy", "type"), way + " " + service);
                assertEquals(1, deployment.at("spec", "replicas").getAsInt(), way + " " + service);
                assertTrue(deployment.toString().contains("persistentVolumeClaim"), way + " " + service);
            }
        }
    }

    @Test
    void secretsAreOnlyMadeWhenAsked() {
        assertTrue(Rendered.CHART_EXTERNAL.manifests().stream()
                .noneMatch(manifest -> manifest.kind().equals("Secret")));
        Manifest generated = Rendered.CHART_TRIAL.manifests().stream()
                .filter(manifest -> manifest.kind().equals("Secret"))
                .findFirst()
                .orElseThrow();
        Set<String> keys = generated.at("data").getAsJsonObject().keySet();
        Set<String> expected =
                new TreeSet<>(Set.of("url", "setup-token", "signing-key-secret", "broker-definitions.json"));
        expected.add("broker-secret");
        expected.add("webhook-key-secret");
        for (Fleet service : Fleet.services()) {
            expected.add("password-" + service.schema());
            expected.add("broker-password-" + service.name());
            expected.add("uri-" + service.name());
            if (!service.name().equals(Fleet.FRONT_DOOR)) {
                expected.add("service-" + service.name());
            }
        }
        assertEquals(expected, new TreeSet<>(keys));
    }

    @Test
    void aServiceSeesItsOwnSecretsOnly() {
        for (Rendered way : Rendered.values()) {
            for (Fleet service : Fleet.services()) {
                Set<String> keys = new TreeSet<>();
                for (JsonObject container : way.deployment(service.name()).containers()) {
                    for (JsonObject variable : Manifest.objects(container.get("env"))) {
                        if (!Manifest.at(variable, "valueFrom", "secretKeyRef").isJsonNull()) {
                            keys.add(Manifest.at(variable, "valueFrom", "secretKeyRef", "key")
                                    .getAsString());
                        }
                    }
                }
                keys.removeAll(Set.of(
                        "uri-" + service.name(), "url", "password-" + service.schema(), "service-" + service.name()));
                if (service.name().equals(Fleet.FRONT_DOOR)) {
                    // It checks what the others show.
                    keys.removeIf(key -> key.startsWith("service-"));
                    keys.removeAll(Set.of("setup-token", "signing-key-secret", "broker-secret", "client-secret"));
                }
                if (service.name().equals("orchestrator-service")) {
                    // Of the models' providers, each from a Secret of its own.
                    keys.remove("api-key");
                }
                if (service.name().equals("runtime-service")) {
                    keys.remove("webhook-key-secret");
                    // Of the model's provider and of MCP servers, from Secrets of their own.
                    keys.removeAll(Set.of("api-key", "TICKETS_AUTHORIZATION", "FILES_TOKEN"));
                }
                assertEquals(Set.of(), keys, way + " " + service.name());
            }
        }
    }

    @Test
    void theRolesOfEveryServiceAreBootstrapped() {
        Manifest sql = Rendered.CHART_TRIAL.manifests().stream()
                .filter(manifest -> manifest.id().equals("ConfigMap/skein-bootstrap"))
                .findFirst()
                .orElseThrow();
        String text = sql.string("data", "roles.sql");
        for (Fleet service : Fleet.services()) {
            assertTrue(text.contains("CREATE ROLE skein_" + service.schema() + " LOGIN"), service.name());
            assertTrue(
                    text.contains("CREATE SCHEMA IF NOT EXISTS " + service.schema() + " AUTHORIZATION skein_"
                            + service.schema() + ";"),
                    service.name());
        }
        assertTrue(Rendered.CHART_EXTERNAL.manifests().stream()
                .noneMatch(manifest -> manifest.kind().equals("Job")));
    }

    @Test
    void bothDeliveriesFetchThePlaybooksAlike() {
        String script =
                Repository.read(Repository.CHART.resolve("files/playbooks.sh")).strip();
        for (Rendered way : Rendered.values()) {
            JsonObject fetching =
                    way.deployment("infra-agent-service").containers().getFirst();
            assertEquals("playbooks", fetching.get("name").getAsString());
            assertEquals(
                    script, fetching.getAsJsonArray("args").get(0).getAsString().strip(), way.toString());
        }
    }
}
