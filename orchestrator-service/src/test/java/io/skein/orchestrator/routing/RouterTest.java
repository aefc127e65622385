package io.skein.orchestrator.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.orchestrator.draft.Needs;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.SampleStep;
import io.skein.orchestrator.draft.Score;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final UUID SESSION = UUID.randomUUID();

    private static LiveAgent agent(String id, int busy, String... capabilities) {
        return new LiveAgent(id, "infra", "nas01", "default", "1", List.of(capabilities), 2, busy, true);
    }

    private static final LiveAgent PLAIN = agent("a", 0, "ansible.playbook");

    private static PlannedStep step(Needs needs) {
        return SampleStep.of("x/p.yml")
                .service("x")
                .hosts(List.of("h1"))
                .needs(needs)
                .build();
    }

    private static PastRun run(String agent, boolean good, Duration ago) {
        return new PastRun(agent, "x/p.yml", "x", List.of("h1"), SESSION, good, NOW.minus(ago), 5);
    }

    private static Router.Choice choose(Fleet fleet, List<PastRun> past) {
        return Router.choose(step(null), "default", SESSION, fleet, past, NOW);
    }

    private static Fleet fleet(LiveAgent... agents) {
        return new Fleet(List.of(agents), List.of(), null);
    }

    @Test
    void aNewAgentIsJudgedByWhatIsAssumed() {
        Score score = choose(fleet(PLAIN), List.of()).score();

        assertEquals(new Score(60, 30, 0, 20, 10, score.reason()), score);
        assertTrue(score.reason().contains("no runs"), score.reason());
    }

    @Test
    void weightsAreThoseStated() {
        List<PastRun> good = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            good.add(run("a", true, Duration.ofSeconds(i)));
        }
        Score best = choose(fleet(PLAIN), good).score();
        assertEquals(39, best.pastSuccess());
        assertEquals(30, best.recentContext());
        assertEquals(20, best.specialisation());
        assertEquals(10, best.load());
        assertEquals(99, best.total());

        Score mixed = choose(
                        fleet(agent("a", 1, "ansible.playbook", "http.check")),
                        List.of(run("a", false, Duration.ofDays(8))))
                .score();
        assertEquals(24, mixed.pastSuccess(), "(0 + 3) / (1 + 4)");
        assertEquals(0, mixed.recentContext(), "older than a week");
        assertEquals(10, mixed.specialisation());
        assertEquals(5, mixed.load());
    }

    @Test
    void contextFadesWithTime() {
        int fresh = choose(fleet(PLAIN), List.of(run("a", true, Duration.ZERO)))
                .score()
                .recentContext();
        int half = choose(fleet(PLAIN), List.of(run("a", true, Duration.ofHours(84))))
                .score()
                .recentContext();

        assertEquals(30, fresh);
        assertEquals(15, half);
    }

    @Test
    void theBetterAgentWinsAndTiesAreStable() {
        assertEquals(
                "b",
                choose(fleet(agent("a", 2, "ansible.playbook"), agent("b", 0, "ansible.playbook")), List.of())
                        .agent());
        assertEquals(
                "a",
                choose(fleet(agent("b", 0, "ansible.playbook"), PLAIN), List.of())
                        .agent());
        assertEquals(
                "b",
                choose(fleet(PLAIN, agent("b", 0, "ansible.playbook")), List.of(run("b", true, Duration.ofHours(1))))
                        .agent());
    }

    @Test
    void whoCannotIsNotChosen() {
        assertNull(choose(fleet(), List.of()).agent());
        assertNull(choose(fleet(agent("a", 0, "http.check")), List.of()).agent());
        LiveAgent offline = new LiveAgent("a", "infra", "n", "default", "1", List.of("ansible.playbook"), 1, 0, false);
        LiveAgent foreign = new LiveAgent("a", "infra", "n", "other", "1", List.of("ansible.playbook"), 1, 0, true);
        assertNull(choose(fleet(offline), List.of()).agent());
        assertNull(choose(fleet(foreign), List.of()).agent());
        assertEquals(
                "why",
                choose(new Fleet(List.of(PLAIN), List.of(), "why"), List.of()).reason());
    }

    @Test
    void theNodeHasToHaveRoom() {
        NodeHeartbeat.Resources small = new NodeHeartbeat.Resources(
                "linux",
                "amd64",
                2,
                0.1,
                List.of(),
                4096,
                1000,
                List.of(),
                List.of(new NodeHeartbeat.Gpu("g", "oshi", 100L, 50L)));
        Fleet fleet =
                new Fleet(List.of(PLAIN), List.of(new FleetNode("nas01", "default", "online", false, small)), null);

        assertEquals(
                "a",
                Router.choose(step(new Needs(2.0, 1000L, 50L)), "default", null, fleet, List.of(), NOW)
                        .agent());
        for (Needs needs :
                List.of(new Needs(3.0, null, null), new Needs(null, 1001L, null), new Needs(null, null, 51L))) {
            Router.Choice none = Router.choose(step(needs), "default", null, fleet, List.of(), NOW);
            assertNull(none.agent());
            assertTrue(none.reason().startsWith("Node nas01 has too"), none.reason());
        }
        Fleet cordoned =
                new Fleet(List.of(PLAIN), List.of(new FleetNode("nas01", "default", "online", true, null)), null);
        Fleet offline =
                new Fleet(List.of(PLAIN), List.of(new FleetNode("nas01", "default", "offline", false, null)), null);
        assertEquals("Node nas01 is cordoned", choose(cordoned, List.of()).reason());
        assertEquals("Node nas01 is offline", choose(offline, List.of()).reason());
    }
}
