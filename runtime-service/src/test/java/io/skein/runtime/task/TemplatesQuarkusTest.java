package io.skein.runtime.task;

import static io.skein.runtime.RuntimeApi.get;
import static io.skein.runtime.RuntimeApi.give;
import static io.skein.runtime.RuntimeApi.post;
import static io.skein.runtime.RuntimeApi.start;
import static io.skein.runtime.RuntimeApi.task;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.runtime.FleetStandIn;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.course.EventMatch;
import io.skein.test.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** REG-04: the eight definitions that come with Skein are at work, and each trigger and each rule of theirs leads to its end. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class TemplatesQuarkusTest {

    private static final Path TEMPLATES = Path.of("../registry-service/src/main/resources/agents");

    private final Map<String, String> instances = new LinkedHashMap<>();

    @AfterEach
    void stop() {
        instances.values().forEach(id -> post("ada", "operator", "/instances/" + id + "/stop"));
    }

    /** {@code on} and {@code off} are words. */
    private static final class PlainWords extends Resolver {

        @Override
        public void addImplicitResolver(Tag tag, Pattern pattern, String first, int most) {
            boolean truth = tag.equals(Tag.BOOL);
            super.addImplicitResolver(tag, truth ? Pattern.compile("true|false") : pattern, truth ? "tf" : first, most);
        }
    }

    private static List<JsonNode> templates() throws IOException {
        LoaderOptions loading = new LoaderOptions();
        DumperOptions dumping = new DumperOptions();
        Yaml yaml =
                new Yaml(new SafeConstructor(loading), new Representer(dumping), dumping, loading, new PlainWords());
        List<JsonNode> definitions = new ArrayList<>();
        try (var files = Files.list(TEMPLATES)) {
            for (Path file : files.sorted().toList()) {
                definitions.add(new ObjectMapper().valueToTree(yaml.<Object>load(Files.readString(file))));
            }
        }
        return definitions;
    }

    @Test
    void eachTriggerAndEachRuleOfEachTemplateLeadsToItsEnd() throws Exception {
        List<JsonNode> definitions = templates();
        assertEquals(8, definitions.size());
        for (JsonNode definition : definitions) {
            FleetStandIn.agent("published", definition.toString());
            String id = definition.at("/metadata/id").asText();
            instances.put(id, start(id));
        }
        // What there is to do for whom, by its name.
        Map<String, List<String>> expected = new HashMap<>();
        try (TestBroker broker = new TestBroker()) {
            for (JsonNode definition : definitions) {
                expected.put(definition.at("/metadata/id").asText(), wake(definition, broker));
            }
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            approveAll();
            return expected.entrySet().stream()
                            .allMatch(each -> ended(each.getKey()).containsAll(each.getValue()))
                    && get("/tasks?status=waiting").path("items").findValuesAsText("instanceId").stream()
                            .noneMatch(instances::containsValue);
        });
        Map<String, String> failures = new TreeMap<>();
        instances.forEach((agent, instance) -> get("/tasks?size=200&instance=" + instance)
                .path("items")
                .forEach(item -> {
                    JsonNode task = task(item.path("id").asText());
                    boolean did = task.path("steps").size() > 0;
                    if (!did || !task.path("status").asText().equals("succeeded")) {
                        failures.put(agent + " " + task.path("name").asText(), task.toString());
                    }
                }));
        assertEquals(Map.of(), failures);
    }

    /** The events it is triggered by, and a task for each rule that none of them fits. */
    private List<String> wake(JsonNode definition, TestBroker broker) throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode trigger : definition.path("triggers")) {
            String type = trigger.path("event").asText();
            BrokerIdentity publisher = type.startsWith("playbook.")
                    ? new BrokerIdentity.Agent("default", "infra-agent-9")
                    : TestBroker.publisherOf(type);
            broker.as(publisher)
                    .send(SkeinEvent.of(type)
                            .source(publisher.source())
                            .team("default")
                            .subject("nas01")
                            .data(Map.of("node", "nas01"))
                            .build());
            names.add(type);
        }
        for (JsonNode rule : definition.path("rules")) {
            String on = rule.path("on").asText();
            if (names.stream().noneMatch(name -> EventMatch.fits(on, name))) {
                String name = on.replace("#", "something");
                give(
                        instances.get(definition.at("/metadata/id").asText()),
                        name,
                        "{\"text\": \"rotate the logs\", \"node\": \"nas02\"}");
                names.add(name);
            }
        }
        return names;
    }

    /** As people do; in the stand-in what was approved has run. */
    private static void approveAll() {
        FleetStandIn.plans().forEach(plan -> {
            if (plan.path("status").asText().equals("awaiting_approval")
                    && plan.path("requestedBy").asText().startsWith("agent:")) {
                FleetStandIn.plan(plan.path("id").asText(), "completed");
            }
        });
    }

    private List<String> ended(String agent) {
        return get("/history?size=200&instance=" + instances.get(agent))
                .path("items")
                .findValuesAsText("name");
    }
}
