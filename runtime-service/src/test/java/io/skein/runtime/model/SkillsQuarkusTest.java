package io.skein.runtime.model;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.RuntimeApi;
import io.skein.runtime.course.Course;
import io.skein.runtime.course.Move;
import io.skein.runtime.course.TaskSoFar;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillCatalog;
import io.skein.runtime.skill.SkillOutcome;
import io.skein.runtime.skill.SkillSchema;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** RUN-02: as the service runs it: by environment variables, a model and a real MCP server become a course and skills. */
@QuarkusTest
@QuarkusTestResource(value = SkillServers.class, restrictToAnnotatedClass = true)
class SkillsQuarkusTest {

    @Inject
    SkillCatalog catalog;

    @Inject
    ModelCourse course;

    @Test
    void aModelUsesAToolOfAServer() {
        var definition = SkillSchema.of("""
                {"metadata": {"id": "a", "name": "A", "version": "1.0.0", "type": "specialist"},
                 "skills": [{"name": "mcp.everything.echo"}, {"name": "http.call"}, {"name": "llm.ask"}],
                 "model": {"instructions": "Echo."}}""");
        assertTrue(course.canTake(definition));
        assertFalse(course.canTake(SkillSchema.of("{}")));
        assertInstanceOf(Course.class, course);
        UUID task = UUID.randomUUID();
        Instant deadline = Instant.now().plusSeconds(60);
        Move.Use use = assertInstanceOf(
                Move.Use.class,
                course.next(new TaskSoFar(
                        task,
                        "default",
                        "a.b",
                        definition,
                        SkillSchema.of("{}"),
                        List.of(),
                        BigDecimal.ONE,
                        deadline)));
        assertEquals("mcp.everything.echo", use.skill());
        assertTrue(use.costUsd().signum() > 0);
        SkillOutcome outcome = skill(use.skill())
                .run(new SkillCall(
                        task,
                        1,
                        "default",
                        "a",
                        new SkillCall.Permissions(null, null, null, false),
                        use.input(),
                        BigDecimal.ONE,
                        deadline,
                        "0"));
        assertEquals(
                "Echo: from the model",
                assertInstanceOf(SkillOutcome.Done.class, outcome)
                        .output()
                        .path("text")
                        .asText());
    }

    /** AUD-01: the fleet, and with it the audit trail, hears of each call. */
    @Test
    void eachCallOfTheModelIsAFactOfTheTasksTrace() {
        RuntimeApi.publish("thinker", """
                "skills": [{"name": "mcp.everything.echo"}], "config": {"budget_limit_usd": 1},
                "model": {"instructions": "Echo the word marmalade.", "max_rounds": 2}""");
        String id = RuntimeApi.give(RuntimeApi.start("thinker"), "think.hard", "{\"fruit\": \"marmalade\"}");
        JsonNode task = RuntimeApi.awaitTask(id, "failed");
        assertEquals("limit_reached", task.path("code").asText(), task::toString);
        List<JsonNode> facts = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            facts.clear();
            WireFormat.read(
                            RuntimeApi.as("ada", "viewer")
                                    .get("/api/v1/events?type=runtime.model.called")
                                    .asByteArray(),
                            JsonNode.class)
                    .path("items")
                    .forEach(event -> {
                        if (event.path("subject").asText().equals(id)) {
                            facts.add(event);
                        }
                    });
            return facts.size() == 2;
        });
        JsonNode fact = facts.getFirst();
        assertEquals(task.path("traceId"), fact.path("traceId"));
        assertEquals("agent:thinker", fact.path("actor").asText());
        assertEquals("stand-in-1", fact.at("/data/model").asText());
        assertEquals(ModelStandIn.TOKENS_IN, fact.at("/data/usage/tokens_in").asInt());
        assertTrue(fact.at("/data/usage/cost_usd").asDouble() > 0, fact::toString);
        assertFalse(fact.toString().contains("marmalade"), "what was asked was told");
    }

    @Test
    void aQuestionIsAnsweredAndCounted() {
        SkillCall call = new SkillCall(
                UUID.randomUUID(),
                2,
                "default",
                "a",
                new SkillCall.Permissions(null, null, null, false),
                SkillSchema.of("{\"question\": \"how is it?\", \"data\": {\"load\": 9}}"),
                BigDecimal.ONE,
                Instant.now().plusSeconds(60),
                "0");
        SkillOutcome.Done done =
                assertInstanceOf(SkillOutcome.Done.class, skill("llm.ask").run(call));
        assertEquals(ModelStandIn.TOKENS_IN, done.output().path("tokensIn").asInt());
        assertEquals("stand-in-1", done.output().path("model").asText());
        // 100 tokens at 1.5 dollars a million; the answer is free.
        assertEquals(0, new BigDecimal("0.00015").compareTo(done.costUsd()));
    }

    @Test
    void everySkillSaysWhatItIs() {
        for (Skill skill : catalog.all()) {
            assertFalse(skill.description().isBlank(), skill.name());
            assertEquals("object", skill.inputSchema().path("type").asText(), skill.name());
        }
        assertTrue(catalog.all().stream().map(Skill::name).toList().containsAll(List.of("http.call", "llm.ask")));
    }

    private Skill skill(String name) {
        return catalog.find(name).orElseThrow();
    }
}
