package io.skein.e2e.plans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.e2e.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * ORCH-03 and ORCH-06 as one claim: two processes run a hundred plans while one or the other is killed again and again. Every plan ends,
 * no step runs twice and none is lost, and the audit trail tells what the database says. PostgreSQL, RabbitMQ, the infra agent and every
 * other service are the real ones; of some plans one step is run by the real {@code ansible-playbook}, all others by a program in its
 * place ({@link StormPlaybooks}), or the machine would do nothing but start Ansible.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OrchestratorStormIT {

    private static final long SEED = 20261130;
    private static final int PLANS = 100;
    private static final int KILLS = 8;
    private static final int FEW = 8;
    private static final int QUIET_LOOKS = 3;
    private static final int LOOK_MILLIS = 1500;

    /** However slow the machine is. */
    private static final int ENOUGH_SECONDS = 300;

    private static Fleet fleet;
    private static StormPlaybooks playbooks;
    private static OrchestratorReplicas replicas;

    @BeforeAll
    static void start() throws Exception {
        fleet = Fleet.running();
        playbooks = new StormPlaybooks(fleet);
        replicas = new OrchestratorReplicas(fleet, playbooks.programs());
        replicas.takeOver();
        try (PlanApi api = new PlanApi(fleet, replicas.urls())) {
            Awaitility.await()
                    .alias("the playbooks are known")
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        JsonNode plan = api.ask("known-" + UUID.randomUUID(), StormPlaybooks.request(0), new Random());
                        assertEquals(3, plan.path("steps").size(), plan::toString);
                    });
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (playbooks != null) {
                playbooks.close();
            }
        } finally {
            if (replicas != null) {
                replicas.close();
            }
        }
    }

    @Test
    @Order(1)
    void everyPlanEndsAndNoStepRunsTwiceHoweverOftenOneIsKilled() throws Exception {
        long begun = System.nanoTime();
        try (PlanStorm storm = new PlanStorm(fleet, replicas, playbooks, PLANS, SEED)) {
            while (!storm.isOver() && seconds(begun) < ENOUGH_SECONDS) {
                storm.killOne();
            }
            storm.end(Duration.ofSeconds(30));
            long ended = seconds(begun);
            StormHistory history = settled(storm);
            List<String> violations = PlanChecker.violations(history);
            JsonNode chain = storm.verifyChain();
            System.out.printf(
                    "plans under storm: seed %d; %d plans, %d steps, %d effects; %d kills, %d times a plan was under way, %d"
                            + " times claimed by the one that died; %d audit entries agree with %d transitions, chain of %d"
                            + " %s; %d of the records of steps lack their task; %d s; wrong: %s%n",
                    SEED,
                    history.plans().size(),
                    history.steps(),
                    history.effects().size(),
                    storm.kills(),
                    storm.handedOver(),
                    storm.claimsOfTheDead(),
                    history.told().size(),
                    history.transitions(),
                    chain.path("entries").asLong(),
                    chain.path("valid").asBoolean() ? "holds" : "is broken",
                    history.evidenceTooEarly(),
                    ended,
                    violations);
            assertEquals(List.of(), violations);
            assertEquals(PLANS, history.plans().size());
            assertEquals(3 * PLANS, history.steps());
            assertEquals(0, history.evidenceTooEarly(), "a step's record was made before its last task was known");
            assertTrue(storm.kills() >= KILLS, "killed too seldom");
            assertTrue(chain.path("valid").asBoolean(), chain::toString);
        }
    }

    private static long seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toSeconds();
    }

    /** What was committed last is still on its way to the audit service: until nothing more comes. */
    private static StormHistory settled(PlanStorm storm) throws Exception {
        StormHistory last = storm.history();
        for (int quiet = 0; quiet < QUIET_LOOKS; ) {
            Thread.sleep(LOOK_MILLIS);
            StormHistory now = storm.history();
            quiet = now.told().size() == last.told().size() ? quiet + 1 : 0;
            last = now;
        }
        return last;
    }

    @Order(2)
    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void anOrchestratorWithThisBugIsFoundOut(PlantedBug bug) throws Exception {
        long begun = System.nanoTime();
        AutoCloseable planted = bug.plant(fleet, replicas);
        try (PlanStorm storm = new PlanStorm(fleet, replicas, playbooks, FEW, SEED)) {
            Awaitility.await()
                    .alias(bug.toString())
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> storm.isOver() || isFoundIn(storm.history(), bug));
            StormHistory history = settled(storm);
            List<String> violations = PlanChecker.violations(history);
            List<String> found = violations.stream().filter(bug::isIn).toList();
            System.out.printf(
                    "planted %s: seen %d times, as in %s; %d s%n",
                    bug, found.size(), found.stream().findFirst(), seconds(begun));
            assertFalse(found.isEmpty(), () -> bug + " not in " + violations);
        } finally {
            planted.close();
        }
    }

    private static boolean isFoundIn(StormHistory history, PlantedBug bug) {
        return PlanChecker.violations(history).stream().anyMatch(bug::isIn);
    }
}
