package io.skein.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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
import java.time.Instant;
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
