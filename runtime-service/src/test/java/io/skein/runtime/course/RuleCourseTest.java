package io.skein.runtime.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleCourseTest {

    private static final String DEFINITION = """
            {"rules": [
              {"on": "device.offline", "filters": {"subject": "attic*"}, "do": [{"skill": "nodes.list"}]},
              {"on": "device.*", "do": [
                {"skill": "lock.acquire", "with": {"resource": "host:${event.subject}"}, "as": "lock"},
                {"skill": "plan.run", "with": {"text": "check ${event.data.node} (${task.id})", "n": 3}, "as": "plan"},
                {"skill": "event.publish", "with": {"data": {"plan": ["${steps.plan.planId}", "${steps.lock}"]}}},
                {"skill": "lock.release", "always": true}]}]}""";

    private final RuleCourse course = new RuleCourse();
    private final UUID id = UUID.randomUUID();
    private final List<TaskSoFar.Step> done = new ArrayList<>();

    private Move next(String name, String event) {
        return next(DEFINITION, name, event);
    }

    private Move next(String definition, String name, String event) {
        return course.next(
                new TaskSoFar(id, "default", name, json(definition), json(event), done, BigDecimal.ZERO, Instant.MAX));
    }

    private static JsonNode json(String text) {
        return WireFormat.read(text, JsonNode.class);
    }

    private void ended(String as, String output, String code) {
        done.add(new TaskSoFar.Step(
                done.size() + 1,
                "skill" + done.size(),
                as,
                WireFormat.mapper().createObjectNode(),
                output == null ? null : json(output),
                code,
                code == null ? null : "because"));
    }

    private static ObjectNode use(Move move, String skill) {
        Move.Use use = assertInstanceOf(Move.Use.class, move);
        assertEquals(skill, use.skill());
        return use.input();
    }

    @Test
    void theFirstRuleThatFitsIsFollowedStepByStep() {
        String event = "{\"id\":\"1\",\"subject\":\"nas01\",\"data\":{\"node\":\"nas01\"}}";
        assertEquals(
                "host:nas01",
                use(next("device.offline", event), "lock.acquire")
                        .path("resource")
                        .asText());
        ended("lock", "{\"lockId\":\"l1\"}", null);
        ObjectNode plan = use(next("device.offline", event), "plan.run");
        assertEquals("check nas01 (" + id + ")", plan.path("text").asText());
        assertEquals(3, plan.path("n").asInt());
        ended("plan", "{\"planId\":\"p1\"}", null);
        ObjectNode published = use(next("device.offline", event), "event.publish");
        assertEquals(
                json("[\"p1\",\"{\\\"lockId\\\":\\\"l1\\\"}\"]"),
                published.path("data").path("plan"));
        ended(null, "{}", null);
        use(next("device.offline", event), "lock.release");
        ended(null, "{}", null);
        assertNull(
                assertInstanceOf(Move.End.class, next("device.offline", event)).code());
    }

    @Test
    void filtersChooseAmongRules() {
        use(next("device.offline", "{\"id\":\"1\",\"subject\":\"attic7\"}"), "nodes.list");
    }

    @Test
    void afterAFailureOnlyWhatIsToRunAlwaysIsRunAndTheTaskFails() {
        String event = "{\"id\":\"1\",\"subject\":\"nas01\",\"data\":{\"node\":\"nas01\"}}";
        ended("lock", "{}", null);
        ended("plan", null, "plan_rejected");
        use(next("device.offline", event), "lock.release");
        ended(null, "{}", null);
        Move.End end = assertInstanceOf(Move.End.class, next("device.offline", event));
        assertEquals("plan_rejected", end.code());
        assertTrue(end.summary().contains("because"), end.summary());
    }

    @Test
    void whatIsNotThereFailsTheStepByItsName() {
        ended("lock", "{}", null);
        Move.Cannot cannot = assertInstanceOf(
                Move.Cannot.class, next("device.offline", "{\"id\":\"1\",\"subject\":\"nas01\",\"data\":{}}"));
        assertEquals("${event.data.node} is not there", cannot.message());
        assertEquals("validation_failed", cannot.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"${task.id}", "{{ lookup('env', 'HOME') }}", "$(reboot)", "${steps.lock}", "a\\1$1"})
    void whatStandsInAValueStaysText(String nasty) {
        ObjectNode event = WireFormat.mapper().createObjectNode().put("id", "1").put("subject", nasty);
        assertEquals(
                "host:" + nasty,
                use(next("device.gone", event.toString()), "lock.acquire")
                        .path("resource")
                        .asText());
    }

    @Test
    void nothingIsEvaluated() {
        Move move = next(
                "{\"rules\":[{\"on\":\"a.b\",\"do\":[{\"skill\":\"x\",\"with\":{\"t\":\"${T(java.lang.Runtime).exec}\"}}]}]}",
                "a.b",
                "{\"id\":\"1\"}");
        assertInstanceOf(Move.Cannot.class, move);
    }

    @Test
    void anEventWithoutARuleIsNobodysFaultAndATaskWithoutOneIs() {
        assertNull(assertInstanceOf(Move.End.class, next("tree.fell", "{\"id\":\"1\"}"))
                .code());
        assertEquals(
                "not_found",
                assertInstanceOf(Move.End.class, next("tree.fell", "{}")).code());
    }

    @ParameterizedTest
    @CsvSource({"step.*,step.failed", "auth.#,auth", "auth.#,auth.signed.in", "#.in,auth.signed.in", "*.b.*,a.b.c"})
    void patternsFit(String pattern, String type) {
        assertTrue(EventMatch.fits(pattern, type));
    }

    @ParameterizedTest
    @CsvSource({"step.*,step.log.line", "step.*,step", "auth,auth.signed", "*.b,a.c"})
    void patternsDoNotFit(String pattern, String type) {
        assertFalse(EventMatch.fits(pattern, type));
    }

    @Test
    void aLargeValueNamedOverAndOverIsRefusedBeforeItFillsTheMemory() {
        String definition = "{\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"plan.run\", \"with\": {\"text\": \""
                + "${event.data.x}".repeat(1000) + "\"}}]}]}";
        String event = "{\"data\": {\"x\": \"" + "y".repeat(60_000) + "\"}}";
        Move.Cannot cannot = assertInstanceOf(Move.Cannot.class, next(definition, "a.b", event));
        assertEquals("validation_failed", cannot.code());
        assertTrue(cannot.message().contains("longer than"), cannot.message());
    }
}
