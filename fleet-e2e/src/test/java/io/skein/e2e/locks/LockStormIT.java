package io.skein.e2e.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.e2e.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * LOCK-01 to LOCK-05 as one claim: whatever happens to the service, at no moment do two have the same lock, nobody who waits is
 * forgotten, and who stands ahead is served first. And the same storm finds each planted bug.
 */
class LockStormIT {

    private static final long SEED = 5;

    /** However slow the machine is: until enough has happened. */
    private static final Duration ENOUGH = Duration.ofMinutes(2);

    private static Fleet fleet;
    private static LockReplicas replicas;

    @BeforeAll
    static void start() throws Exception {
        fleet = Fleet.running();
        replicas = new LockReplicas(fleet);
    }

    @AfterAll
    static void stop() throws Exception {
        replicas.close();
    }

    @Test
    void noFaultMakesTwoHolders() throws Exception {
        History history;
        try (LockStorm storm = new LockStorm(fleet, replicas, true, SEED)) {
            goOn(storm, 100);
            storm.killOne();
            storm.freezeOne();
            storm.stepClockOfOne(90);
            storm.flushRedis();
            storm.freezeOne();
            storm.crashDatabase();
            storm.killOne();
            storm.stepClockOfOne(-90);
            storm.killOne();
            goOn(storm, 400);
            history = storm.end();
        }
        LockChecker.Verdict verdict = LockChecker.verdict(history);
        System.out.printf(
                "locks under storm: %s; judged %d pairs and %d refusals; %s%n",
                history,
                verdict.pairs(),
                verdict.refusals(),
                FakeTime.library().isPresent() ? "with wrong clocks" : "clocks left alone");
        assertEquals(List.of(), verdict.violations());
        assertEquals(List.of(), history.surprises());
        assertEquals(9, history.faults().size());
        assertTrue(history.grants().size() > 500, "too little happened to prove anything");
        assertTrue(verdict.pairs() > 100, "nobody stood in line");
    }

    private static void goOn(LockStorm storm, int more) {
        int enough = storm.soFar().grants().size() + more;
        await(storm, history -> history.grants().size() >= enough);
    }

    private static void await(LockStorm storm, Predicate<History> seen) {
        try {
            Awaitility.await()
                    .atMost(ENOUGH)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> seen.test(storm.soFar()));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not seen in time: " + storm.soFar(), e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "claim-without-row-lock, claim, still held|was given|had run out",
        "sweep-without-recheck, sweep, still held|was given|had run out",
        "grant-before-commit, grant_lease, still held|was given|had run out",
        "last-come-first-served, serve, which stood ahead",
        "nobody-is-served, serve, waited in vain",
    })
    void aServiceWithThisBugIsFoundOut(String bug, String function, String found) throws Exception {
        try (PlantedBug planted = PlantedBug.plant(fleet, bug, function);
                LockStorm storm = new LockStorm(fleet, replicas, true, SEED)) {
            awaitViolation(storm, found);
        }
    }

    @Test
    void aThingThatDoesNotCheckTokensIsFoundOut() throws Exception {
        try (LockStorm storm = new LockStorm(fleet, replicas, false, SEED)) {
            awaitViolation(storm, "after one with token");
        }
    }

    private static void awaitViolation(LockStorm storm, String oneOf) {
        await(storm, history -> LockChecker.violations(history).stream()
                .anyMatch(violation -> List.of(oneOf.split("\\|")).stream().anyMatch(violation::contains)));
    }
}
