package io.skein.runtime.task;

import static io.skein.runtime.RuntimeApi.as;
import static io.skein.runtime.RuntimeApi.get;
import static io.skein.runtime.RuntimeApi.publish;
import static io.skein.runtime.RuntimeApi.start;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.event.SkeinEvent;
import io.skein.runtime.EventPublisher;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.TestBroker;
import java.util.List;
import org.junit.jupiter.api.Test;

/** EVT-04: a version that is at work is woken by its own triggers, whatever was published since. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class VersionsQuarkusTest {

    private static final String RULES = """
            "rules": [{"on": "#", "do": [{"skill": "nodes.list"}]}], "triggers": [%s]""";

    private static String triggers(String... types) {
        return RULES.formatted(String.join(
                ", ",
                List.of(types).stream()
                        .map(type -> "{\"event\": \"" + type + "\"}")
                        .toList()));
    }

    @Test
    void eachVersionIsWokenByItsOwnTriggersAndADeprecatedOneByNone() throws Exception {
        publish("moulting", "1.0.0", "published", triggers("moult.old", "moult.both"));
        String older = start("moulting");
        publish("moulting", "2.0.0", "published", triggers("moult.new", "moult.both"));
        String newer = start("moulting");
        try (EventPublisher publisher = new EventPublisher()) {
            assertEquals("routed", sent(publisher, "moult.old"));
            assertEquals("routed", sent(publisher, "moult.new"));
            assertEquals("routed", sent(publisher, "moult.both"));
            // What an event leads to is written together with where it went.
            assertEquals(List.of("moult.both", "moult.old"), tasks(older));
            assertEquals(List.of("moult.both", "moult.new"), tasks(newer));

            publish("moulting", "1.0.0", "deprecated", triggers("moult.old", "moult.both"));
            assertEquals("unhandled", sent(publisher, "moult.old"));
            assertEquals("routed", sent(publisher, "moult.both"));
            assertEquals(List.of("moult.both", "moult.old"), tasks(older));
            assertEquals(List.of("moult.both", "moult.both", "moult.new"), tasks(newer));
        }
    }

    /** What became of it. */
    private static String sent(EventPublisher publisher, String type) throws Exception {
        SkeinEvent event = TestBroker.event(type).build();
        publisher.send(event);
        String path = "/api/v1/events/" + event.id();
        await().until(() -> {
            String routing = as("ada", "viewer").get(path).path("routing");
            return routing != null && !routing.equals("pending");
        });
        return as("ada", "viewer").get(path).path("routing");
    }

    private static List<String> tasks(String instance) {
        return get("/tasks?instance=" + instance).path("items").findValuesAsText("name").stream()
                .sorted()
                .toList();
    }
}
