package io.skein.orchestrator.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Whoever places a step is told the newest runs of its playbook and of the agents there are, and nothing of other teams. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class PastRunsQuarkusTest {

    private static final long SEED = 20261201;
    private static final int PLANS = 60;
    private static final int STEPS = 15;
    private static final int MOST = 200;
    private static final Instant BEGUN = Instant.parse("2026-11-01T00:00:00Z");

    @Inject
    PastRuns pastRuns;

    @Inject
    Jdbi jdbi;

    private final Random random = new Random(SEED);
    private final String mark = UUID.randomUUID().toString();

    /** A step as this test knows it; null where a column is. */
    private record Kept(String team, String playbook, String agent, String status, Instant finished, boolean counts) {}

    @Test
    void theNewestOfEachAreFound() {
        List<Kept> kept = new ArrayList<>();
        jdbi.useTransaction(tx -> {
            for (int i = 0; i < PLANS; i++) {
                plan(tx, "team-" + i % 2 + "-" + mark, kept);
            }
        });
        for (int round = 0; round < 30; round++) {
            String team = "team-" + random.nextInt(2) + "-" + mark;
            List<String> playbooks = some("playbook", random.nextInt(3));
            List<String> agents = some("agent", random.nextInt(4));
            List<Instant> expected = kept.stream()
                    .filter(Kept::counts)
                    .filter(step -> step.team().equals(team))
                    .filter(step -> playbooks.contains(step.playbook()) || agents.contains(step.agent()))
                    .map(Kept::finished)
                    .sorted(Comparator.reverseOrder())
                    .limit(MOST)
                    .toList();
            assertEquals(
                    expected,
                    pastRuns.find(team, playbooks, agents).stream()
                            .map(PastRun::finishedAt)
                            .toList(),
                    () -> "seed " + SEED + ": " + playbooks + " " + agents);
        }
        long most = kept.stream().filter(Kept::counts).count();
        assertTrue(most > 2 * MOST, "too few to be cut off: " + most);
    }

    private List<String> some(String what, int number) {
        return random.ints(0, 4)
                .distinct()
                .limit(number)
                .mapToObj(i -> what + "-" + i + "-" + mark)
                .toList();
    }

    private void plan(Handle tx, String team, List<Kept> kept) {
        UUID session = UUID.randomUUID();
        UUID request = UUID.randomUUID();
        UUID plan = UUID.randomUUID();
        tx.execute(
                "INSERT INTO session (id, team, owner, title, created_at, updated_at) VALUES (?, ?, 'ada', 'x', now(),"
                        + " now())",
                session,
                team);
        tx.execute("""
                INSERT INTO plan (id, request_id, session_id, team, requested_by, text, priority, high_value, planner_name,
                    planner_reason, version, plan_hash, status, created_at, updated_at)
                VALUES (?, ?, ?, ?, 'ada', 'x', 'normal', false, 'x', 'x', 1, 'x', 'completed', now(), now())\
                """, plan, request, session, team);
        tx.execute("""
                INSERT INTO request (id, session_id, team, requested_by, text, text_key, priority, high_value, body_sha256, plan_id,
                    created_at)
                VALUES (?, ?, ?, 'ada', 'x', 'x', 'normal', false, 'x', ?, now())\
                """, request, session, team, plan);
        for (int number = 1; number <= STEPS; number++) {
            kept.add(step(tx, team, plan, number, kept.size()));
        }
    }

    /** Each at a time of its own, so that the order says which they are. */
    private Kept step(Handle tx, String team, UUID plan, int number, int place) {
        String playbook = "playbook-" + random.nextInt(4) + "-" + mark;
        String agent = "agent-" + random.nextInt(4) + "-" + mark;
        String status = List.of("completed", "completed", "completed", "failed", "interrupted", "cancelled", "running")
                .get(random.nextInt(7));
        Instant finished = status.equals("running") ? null : BEGUN.plusSeconds(Math.floorMod(place * 7919L, 100_003));
        Instant dispatched = random.nextInt(10) == 0 ? null : BEGUN;
        boolean carried = random.nextInt(10) == 0;
        UUID id = UUID.randomUUID();
        tx.createUpdate("""
                INSERT INTO step (id, plan_id, version, number, spec, playbook, agent, status, dispatched_at, finished_at,
                    carried_from)
                VALUES (:id, :plan, 1, :number, '{"hosts": ["a"]}', :playbook, :agent, :status, :dispatched, :finished, :carried)\
                """)
                .bind("id", id)
                .bind("plan", plan)
                .bind("number", number)
                .bind("playbook", playbook)
                .bind("agent", agent)
                .bind("status", status)
                .bind("dispatched", dispatched)
                .bind("finished", finished)
                .bindByType("carried", carried ? id : null, UUID.class)
                .execute();
        boolean counts = finished != null
                && dispatched != null
                && !carried
                && List.of("completed", "failed", "interrupted").contains(status);
        return new Kept(team, playbook, agent, status, finished, counts);
    }
}
