package io.skein.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.runtime.course.Move;
import io.skein.runtime.course.TaskSoFar;
import io.skein.runtime.skill.SkillCatalog;
import io.skein.runtime.skill.SkillSchema;
import io.skein.test.ModelServer.Answer;
import io.skein.test.ModelServer.Use;
import io.skein.test.ModelServer.Wire;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RUN-02, LLM-05: what becomes of a model's answer. */
class ModelCourseTest {

    private static final ObjectNode DEFINITION = SkillSchema.of("""
            {"metadata": {"id": "watcher", "name": "Watcher", "version": "1.0.0", "type": "specialist"},
             "skills": [{"name": "look.up", "description": "For hosts only."}, {"name": "note.down"}, {"name": "not.there"}],
             "model": {"instructions": "Find out which host is slow.", "max_rounds": 3}}""");

    private static final SkillCatalog CATALOG = new SkillCatalog(
            List.of(new NotingSkill("look.up"), new NotingSkill("note.down"), new NotingSkill("launch.rocket")),
            List.of());

    private static Vertx vertx;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    private static ModelCourse course(ConfiguredModel model) {
        return new ModelCourse(model, CATALOG, Clock.systemUTC(), new ObjectMapper());
    }

    private static TaskSoFar task(BigDecimal budget, TaskSoFar.Step... steps) {
        return new TaskSoFar(
                UUID.fromString("01930000-0000-7000-8000-00000000abcd"),
                "default",
                "device.slow",
                DEFINITION,
                SkillSchema.of("{\"type\": \"device.slow\", \"data\": {\"node\": \"nas\"}}"),
                List.of(steps),
                budget,
                Instant.now().plusSeconds(60));
    }

    private static TaskSoFar task(TaskSoFar.Step... steps) {
        return task(BigDecimal.ONE, steps);
    }

    private static TaskSoFar.Step step(int number) {
        return new TaskSoFar.Step(
                number,
                "look.up",
                null,
                SkillSchema.of("{\"what\": \"nas\"}"),
                SkillSchema.of("{\"load\": 9}"),
                null,
                null);
    }

    @ParameterizedTest
    @EnumSource
    void aTaskIsReasonedThroughToItsEnd(Wire wire) {
        try (ModelStandIn provider = new ModelStandIn(wire)
                .answers(
                        new Answer.Says("I look first.", List.of(new Use("look_up", "{\"what\": \"nas\"}"))),
                        ModelStandIn.says("nas is slow."))) {
            ModelCourse course = course(provider.model(vertx));
            Move.Use first = assertInstanceOf(Move.Use.class, course.next(task()));
            assertEquals("look.up", first.skill());
            assertEquals("nas", first.input().path("what").asText());
            assertEquals("I look first.", first.note());
            assertTrue(first.costUsd().signum() > 0);

            Move.End end = assertInstanceOf(Move.End.class, course.next(task(step(1))));
            assertNull(end.code());
            assertEquals("nas is slow.", end.summary());

            Set<String> offered = new TreeSet<>();
            provider.seen
                    .element()
                    .body()
                    .path("tools")
                    .forEach(tool -> offered.add(tool.path("name")
                            .asText(tool.path("function").path("name").asText())));
            assertEquals(Set.of("look_up", "note_down"), offered);
            String told = List.copyOf(provider.seen).get(1).text();
            for (String part : List.of("Find out which host is slow.", "For hosts only.", "device.slow", "load")) {
                assertTrue(told.contains(part), told);
            }
        }
    }

    /** Another replica asks the same: nothing is kept between two calls. */
    @Test
    void theSameTaskIsToldTheSameWay() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI)) {
            course(provider.model(vertx)).next(task(step(1)));
            course(provider.model(vertx)).next(task(step(1)));
            List<ModelStandIn.Seen> seen = List.copyOf(provider.seen);
            assertEquals(seen.get(0).text(), seen.get(1).text());
        }
    }

    @Test
    void severalToolCallsAreTakenOneAfterTheOther() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI)
                .answers(new Answer.Says(
                        "",
                        List.of(
                                new Use("look_up", "{\"what\": \"nas\"}"),
                                new Use("note_down", "{\"what\": \"x\"}"))))) {
            Move.Use use = assertInstanceOf(
                    Move.Use.class, course(provider.model(vertx)).next(task()));
            assertEquals("look.up", use.skill());
            assertEquals(1, provider.seen.size());
        }
    }

    @Test
    void aFailedStepIsToldAsSuch() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI).answers(ModelStandIn.says("FAILED: it is away"))) {
            Move.End end = assertInstanceOf(
                    Move.End.class,
                    course(provider.model(vertx))
                            .next(task(new TaskSoFar.Step(
                                    1, "look.up", null, SkillSchema.of("{}"), null, "upstream_failed", "no route"))));
            assertEquals("not_done", end.code());
            assertEquals("it is away", end.summary());
            assertTrue(provider.seen.element().text().contains("no route"));
        }
    }

    @Test
    void aWrongAnswerIsSaidBackOnceAndThenTheTaskEnds() {
        for (Answer wrong : List.of(
                ModelStandIn.uses("launch_rocket", "{\"what\": \"moon\"}"),
                ModelStandIn.uses("look.up", "{\"what\": \"nas\"}"),
                ModelStandIn.uses("", "{}"),
                ModelStandIn.uses("look_up", "{\"what\": 42}"),
                ModelStandIn.uses("look_up", "{\"what\": \"nas\", \"sudo\": true}"),
                ModelStandIn.uses("look_up", "{\"what\": \"nas\", \"what\": \"other\"}"),
                ModelStandIn.uses("look_up", "{\"what\": \"nas\"} and then some"),
                ModelStandIn.uses("look_up", "[\"nas\"]"),
                ModelStandIn.uses("look_up", "{{{{"),
                ModelStandIn.uses("look_up", "[".repeat(5000)),
                ModelStandIn.says("  "))) {
            try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI).answers(wrong)) {
                Move.End end = assertInstanceOf(
                        Move.End.class, course(provider.model(vertx)).next(task()), wrong::toString);
                assertEquals("upstream_failed", end.code());
                assertEquals(2, provider.seen.size(), wrong.toString());
                // Both answers are paid for.
                assertEquals(0, new BigDecimal("0.0006").compareTo(end.costUsd()));
            }
            try (ModelStandIn provider =
                    new ModelStandIn(Wire.OPENAI).answers(wrong, ModelStandIn.uses("look_up", "{\"what\": \"nas\"}"))) {
                assertInstanceOf(Move.Use.class, course(provider.model(vertx)).next(task()), wrong::toString);
            }
        }
    }

    @Test
    void roundsBudgetAndTimeEnd() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI)) {
            ModelCourse course = course(provider.model(vertx));
            assertEquals(
                    "limit_reached",
                    end(course.next(task(step(1), step(2), step(3)))).code());
            assertEquals(
                    "limit_reached", end(course.next(task(BigDecimal.ZERO))).code());
            assertEquals(
                    "limit_reached",
                    end(course.next(task(new BigDecimal("0.0001")))).code());
            TaskSoFar late = new TaskSoFar(
                    UUID.randomUUID(), "default", "x", DEFINITION, null, List.of(), BigDecimal.ONE, Instant.now());
            assertEquals("upstream_timeout", end(course.next(late)).code());
            assertTrue(provider.seen.isEmpty());

            // What is left decides how long an answer may get: 0.003 dollars are 300 tokens at most.
            course.next(task(new BigDecimal("0.003")));
            int longest = provider.seen.element().body().path("max_tokens").asInt();
            assertTrue(longest > 16 && longest < 300, String.valueOf(longest));
        }
    }

    @Test
    void aModelThatCostsNothingNeedsNoBudget() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OLLAMA)) {
            ConfiguredModel free = provider.model(vertx, BigDecimal.ZERO, BigDecimal.ZERO, Duration.ofSeconds(5));
            assertNull(end(course(free).next(task(BigDecimal.ZERO))).code());
        }
    }

    @Test
    void aProviderThatIsAwayEndsTheTaskWithItsReason() {
        try (ModelStandIn provider =
                new ModelStandIn(Wire.OPENAI).answers(new Answer.Raw(401, java.util.Map.of(), "{}"))) {
            assertEquals(
                    "The model's provider refused the key.",
                    end(course(provider.model(vertx)).next(task())).summary());
        }
    }

    @Test
    void onlyADefinitionThatWantsAModelGetsOne() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI)) {
            ModelCourse course = course(provider.model(vertx));
            assertTrue(course.canTake(DEFINITION));
            assertFalse(course.canTake(SkillSchema.of("{\"rules\": []}")));
        }
    }

    @Test
    void longTasksStayBounded() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI)) {
            List<TaskSoFar.Step> steps = new ArrayList<>();
            for (int i = 1; i <= 40; i++) {
                steps.add(new TaskSoFar.Step(
                        i,
                        "look.up",
                        null,
                        SkillSchema.of("{}"),
                        new ObjectMapper().createObjectNode().put("text", "x".repeat(100_000)),
                        null,
                        null));
            }
            ObjectNode definition = DEFINITION.deepCopy();
            definition.withObject("/model").put("max_rounds", 50);
            TaskSoFar before = task(steps.toArray(TaskSoFar.Step[]::new));
            course(provider.model(vertx))
                    .next(new TaskSoFar(
                            before.id(),
                            before.team(),
                            before.name(),
                            definition,
                            before.event(),
                            before.steps(),
                            before.budgetLeftUsd(),
                            before.deadline()));
            int length = provider.seen.element().text().length();
            assertTrue(length > 90_000 && length < 200_000, String.valueOf(length));
        }
    }

    private static Move.End end(Move move) {
        return assertInstanceOf(Move.End.class, move, move::toString);
    }
}
