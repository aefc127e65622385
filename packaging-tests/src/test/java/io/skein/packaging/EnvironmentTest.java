package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A variable nobody reads is a lie, a variable nobody sets is an outage. */
class EnvironmentTest {
    /** Read by the JVM's start line in the image, not by the service. */
    private static final Set<String> READ_BY_THE_IMAGE = Set.of("JAVA_OPTS");

    /** Empty or local on purpose, each with its reason. */
    private static final Map<String, String> NOT_NEEDED = new TreeMap<>(Map.of(
            "dashboard-ui SKEIN_FRONTDOOR_URL", "it is the front door",
            "dashboard-ui SKEIN_FRONTDOOR_CORS_ORIGINS",
                    "only Skein's own pages use the API, unless the operator says so",
            "audit-service SKEIN_AUDIT_GIT_REMOTE", "without a remote the repository stays on its volume",
            "dashboard-ui SKEIN_SERVICE_SECRET", "it checks the others' secrets and has none itself"));

    /** Of no service in particular. */
    private static final Map<String, String> NOT_NEEDED_ANYWHERE = Map.of(
            "SKEIN_OUTBOUND_ALLOW", "nothing beyond the public internet is called, unless the operator opens it");

    @ParameterizedTest
    @EnumSource
    void everyVariableSetIsRead(Rendered way) {
        Map<String, Set<String>> unread = new TreeMap<>();
        for (Fleet service : Fleet.services()) {
            Set<String> given = new TreeSet<>(Environment.given(way.manifests(), way.deployment(service.name()))
                    .keySet());
            given.removeAll(Environment.readBy(service.name()));
            given.removeAll(READ_BY_THE_IMAGE);
            // Kubernetes puts these into another variable.
            Environment.given(way.manifests(), way.deployment(service.name()))
                    .values()
                    .forEach(value -> given.removeIf(name -> value.contains("$(" + name + ")")));
            // The servers' variables are named by their settings.
            Environment.given(way.manifests(), way.deployment(service.name()))
                    .values()
                    .forEach(value -> given.removeIf(name -> value.contains("\"" + name + "\"")));
            if (!given.isEmpty()) {
                unread.put(service.name(), given);
            }
        }
        assertEquals(Map.of(), unread, way + " sets what nobody reads");
    }

    @ParameterizedTest
    @EnumSource
    void everyVariableNeededIsSet(Rendered way) {
        Map<String, Set<String>> unset = new TreeMap<>();
        for (Fleet service : Fleet.services()) {
            Set<String> needed = new TreeSet<>(Environment.neededBy(service.name()));
            needed.removeAll(Environment.given(way.manifests(), way.deployment(service.name()))
                    .keySet());
            needed.removeIf(name ->
                    NOT_NEEDED.containsKey(service.name() + " " + name) || NOT_NEEDED_ANYWHERE.containsKey(name));
            // Without a provider people sign in with passwords.
            needed.removeIf(name -> name.startsWith("SKEIN_OIDC_"));
            // Without a model agents follow their rules, without MCP servers they have Skein's own skills.
            needed.removeIf(name -> name.startsWith("SKEIN_RUNTIME_MODEL_") || name.startsWith("SKEIN_RUNTIME_MCP_"));
            // Without a model the embedded planner plans.
            needed.removeIf(name -> name.startsWith("SKEIN_LLM_"));
            if (!needed.isEmpty()) {
                unset.put(service.name(), needed);
            }
        }
        assertEquals(Map.of(), unset, way + " leaves at a default that is wrong in a cluster");
    }

    @ParameterizedTest
    @EnumSource
    void everyAddressLeadsToAServiceOfTheFleet(Rendered way) {
        Pattern url = Pattern.compile("https?://(?:skein-|fleet-)?([a-z-]+):(\\d+)");
        for (Fleet service : Fleet.services()) {
            Set<String> called = new TreeSet<>();
            Environment.given(way.manifests(), way.deployment(service.name())).forEach((name, value) -> {
                Matcher matcher = url.matcher(value);
                if (matcher.matches()) {
                    Fleet target = Fleet.named(matcher.group(1));
                    assertTrue(target != null, () -> name + "=" + value);
                    assertEquals(target.port(), Integer.parseInt(matcher.group(2)), name);
                    called.add(target.name());
                }
            });
            // The front door may be told its own address; nobody is told of somebody its network policy keeps it from.
            called.remove(service.name());
            assertEquals(service.calls(), called, way + " " + service.name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceListensToItsPodsAddressOnItsPort(Rendered way) {
        for (Fleet service : Fleet.services()) {
            Map<String, String> given = Environment.given(way.manifests(), way.deployment(service.name()));
            assertEquals("0.0.0.0", given.get("SKEIN_HTTP_HOST"), service.name());
            assertEquals(String.valueOf(service.port()), given.get("SKEIN_HTTP_PORT"), service.name());
            assertEquals("skein_" + service.schema(), given.get("SKEIN_POSTGRES_USER"), service.name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKeptLiesOnAVolume(Rendered way) {
        for (Fleet service : Fleet.services()) {
            Environment.given(way.manifests(), way.deployment(service.name())).forEach((name, value) -> {
                if (name.endsWith("_DIR") || name.endsWith("_REPOSITORY")) {
                    assertTrue(value.startsWith("/work/"), () -> service.name() + " " + name + "=" + value);
                }
            });
        }
    }

    @Test
    void agentsGetTheirModelAndServersAndTheKeysOnlyFromSecrets() {
        Rendered everything = Rendered.CHART_EVERYTHING;
        Manifest runtime = everything.deployment("runtime-service");
        Map<String, String> given = Environment.given(everything.manifests(), runtime);
        assertEquals("openai-compatible", given.get("SKEIN_RUNTIME_MODEL_PROVIDER"));
        assertEquals("qwen3:14b", given.get("SKEIN_RUNTIME_MODEL_NAME"));
        assertEquals("0.25", given.get("SKEIN_RUNTIME_MODEL_PRICE_IN"));
        assertEquals("15", given.get("SKEIN_RUNTIME_MODEL_PRICE_OUT"));
        assertEquals("10.20.0.0/16,.tools.lan", given.get("SKEIN_OUTBOUND_ALLOW"));
        String servers = given.get("SKEIN_RUNTIME_MCP_SERVERS");
        assertTrue(servers.contains("{\"Authorization\":\"TICKETS_AUTHORIZATION\"}"), servers);
        String pod = runtime.json().toString();
        for (String reference : Set.of(
                "{\"name\":\"SKEIN_RUNTIME_MODEL_KEY\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"model-key\",\"key\":\"api-key\"}}}",
                "{\"name\":\"TICKETS_AUTHORIZATION\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"mcp-keys\",\"key\":\"TICKETS_AUTHORIZATION\"}}}",
                "{\"name\":\"FILES_TOKEN\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"mcp-keys\",\"key\":\"FILES_TOKEN\"}}}")) {
            assertTrue(pod.contains(reference), () -> reference + " is not in " + pod);
        }
        for (Fleet other : Fleet.services()) {
            if (!other.name().equals("runtime-service")) {
                assertTrue(
                        !everything.deployment(other.name()).json().toString().contains("mcp-keys"), other.name());
            }
        }
    }

    @Test
    void theOrchestratorGetsItsModelsAndTheirKeysOnlyFromSecrets() {
        Rendered everything = Rendered.CHART_EVERYTHING;
        Manifest orchestrator = everything.deployment("orchestrator-service");
        Map<String, String> given = Environment.given(everything.manifests(), orchestrator);
        assertEquals("qwen3:14b", given.get("SKEIN_LLM_OLLAMA_MODEL"));
        assertEquals("http://ollama.models:11434", given.get("SKEIN_LLM_OLLAMA_URL"));
        assertEquals("2000000", given.get("SKEIN_LLM_OLLAMA_DAILY_TOKENS"));
        assertEquals("15", given.get("SKEIN_LLM_ANTHROPIC_PRICE_OUT"));
        assertTrue(!given.containsKey("SKEIN_LLM_GROQ_MODEL"), "not configured");
        String reference =
                "{\"name\":\"SKEIN_LLM_ANTHROPIC_KEY\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"anthropic-key\",\"key\":\"api-key\"}}}";
        assertTrue(
                orchestrator.json().toString().contains(reference),
                () -> orchestrator.json().toString());
        for (Fleet other : Fleet.services()) {
            if (!other.name().equals("orchestrator-service")) {
                assertTrue(
                        !everything.deployment(other.name()).json().toString().contains("anthropic-key"), other.name());
            }
        }
    }

    @Test
    void theFrontDoorKnowsEverybodysSecret() {
        for (Rendered way : Rendered.values()) {
            String secrets = Environment.given(way.manifests(), way.deployment(Fleet.FRONT_DOOR))
                    .get("SKEIN_FRONTDOOR_SERVICE_SECRETS");
            Set<String> named = new TreeSet<>(Fleet.names());
            named.remove(Fleet.FRONT_DOOR);
            for (String pair : secrets.split(",")) {
                String name = pair.substring(0, pair.indexOf('='));
                assertEquals(
                        "$(SECRET_OF_" + name.toUpperCase(Locale.ROOT).replace('-', '_') + ")",
                        pair.substring(name.length() + 1));
                named.remove(name);
            }
            assertEquals(Set.of(), named, way.toString());
        }
    }

    @Test
    void bothDeliveriesSetTheSameVariables() {
        for (Fleet service : Fleet.services()) {
            assertEquals(
                    Environment.given(
                                    Rendered.CHART_EXTERNAL.manifests(),
                                    Rendered.CHART_EXTERNAL.deployment(service.name()))
                            .keySet(),
                    Environment.given(
                                    Rendered.KUSTOMIZE_LOCAL.manifests(),
                                    Rendered.KUSTOMIZE_LOCAL.deployment(service.name()))
                            .keySet(),
                    service.name());
        }
    }

    /** Planted: a name with a letter missing is not read, and a needed one is seen as needed. */
    @Test
    void theReadingOfConfigurationCanFail() {
        assertTrue(!Environment.readBy("lock-service").contains("SKEIN_POSTGRES_PASWORD"));
        assertTrue(Environment.neededBy("lock-service")
                .containsAll(Set.of("SKEIN_POSTGRES_URL", "SKEIN_POSTGRES_PASSWORD", "SKEIN_RABBITMQ_URI")));
        assertTrue(!Environment.neededBy("lock-service").contains("SKEIN_LOG_LEVEL"));
    }
}
