package io.skein.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.runtime.skill.Skill;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Skills whose time and outcome a test decides. */
public final class TestSkills {

    /** Keys in the order in which the gate was entered. */
    public static final List<String> ENTERED = new CopyOnWriteArrayList<>();

    /** Whether the mute skill keeps its input to itself. */
    public static final AtomicBoolean MUTE = new AtomicBoolean();

    private static final Map<String, Semaphore> GATES = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();

    private TestSkills() {}

    /** Lets so many through the gate of that name. */
    public static void open(String gate, int many) {
        gate(gate).release(many);
    }

    private static Semaphore gate(String name) {
        return GATES.computeIfAbsent(name, key -> new Semaphore(0));
    }

    private static ObjectNode anything() {
        return JsonNodeFactory.instance.objectNode().put("type", "object");
    }

    /** Stands until it is let through, then says how often it was entered with this key. */
    @ApplicationScoped
    public static class GateSkill implements Skill {

        @Override
        public String name() {
            return "mcp.test.gate";
        }

        @Override
        public String description() {
            return "Stands at a gate.";
        }

        @Override
        public ObjectNode inputSchema() {
            return anything();
        }

        @Override
        public SkillOutcome run(SkillCall call) {
            ENTERED.add(call.key());
            int runs =
                    RUNS.computeIfAbsent(call.key(), key -> new AtomicInteger()).incrementAndGet();
            try {
                String gate = call.input().path("gate").asText();
                gate(call.input().path("each").asBoolean() ? gate + "." + runs : gate)
                        .acquire();
            } catch (InterruptedException e) {
                return new SkillOutcome.Failed("unavailable", "interrupted", true);
            }
            return new SkillOutcome.Done(JsonNodeFactory.instance.objectNode().put("run", runs));
        }
    }

    /** Fails in a way that may pass, as often as its input says. */
    @ApplicationScoped
    public static class FlakySkill implements Skill {

        @Override
        public String name() {
            return "mcp.test.flaky";
        }

        @Override
        public String description() {
            return "Fails a few times.";
        }

        @Override
        public ObjectNode inputSchema() {
            return anything();
        }

        @Override
        public SkillOutcome run(SkillCall call) {
            int runs =
                    RUNS.computeIfAbsent(call.key(), key -> new AtomicInteger()).incrementAndGet();
            return runs <= call.input().path("times").asInt()
                    ? new SkillOutcome.Failed("unavailable", "not yet", true)
                    : new SkillOutcome.Done(
                            JsonNodeFactory.instance.objectNode().put("runs", runs));
        }
    }

    /** Costs what its input says. */
    @ApplicationScoped
    public static class CostlySkill implements Skill {

        @Override
        public String name() {
            return "mcp.test.costly";
        }

        @Override
        public String description() {
            return "Costs something.";
        }

        @Override
        public ObjectNode inputSchema() {
            return anything();
        }

        @Override
        public SkillOutcome run(SkillCall call) {
            return new SkillOutcome.Done(
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("left", call.budgetLeftUsd().doubleValue()),
                    call.input().path("usd").decimalValue());
        }
    }

    /** The same gate, for what must not be done twice. */
    @ApplicationScoped
    public static class OnceSkill extends GateSkill {

        @Override
        public String name() {
            return "mcp.test.once";
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }
    }

    /** What is thrown when something goes round in circles. */
    @ApplicationScoped
    public static class CircularSkill extends GateSkill {

        @Override
        public String name() {
            return "mcp.test.circular";
        }

        @Override
        public SkillOutcome run(SkillCall call) {
            throw new StackOverflowError("planted");
        }
    }

    /** Its server does not say what the input looks like. */
    @ApplicationScoped
    public static class MuteSkill extends GateSkill {

        @Override
        public String name() {
            return "mcp.test.mute";
        }

        @Override
        public ObjectNode inputSchema() {
            try {
                if (MUTE.get()) {
                    ENTERED.add(name());
                    gate(name()).acquire();
                }
                return anything();
            } catch (InterruptedException e) {
                throw new java.util.concurrent.CancellationException("not waited for any more");
            }
        }
    }
}
