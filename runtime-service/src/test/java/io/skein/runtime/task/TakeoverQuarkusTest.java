package io.skein.runtime.task;

import static io.skein.runtime.RuntimeApi.awaitTask;
import static io.skein.runtime.RuntimeApi.give;
import static io.skein.runtime.RuntimeApi.publish;
import static io.skein.runtime.RuntimeApi.start;
import static io.skein.runtime.RuntimeApi.task;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.TestSkills;
import io.skein.runtime.instance.InstanceLeases;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that is gone, or only believes to be there, is replaced: its tasks are neither lost nor run twice. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class TakeoverQuarkusTest {

    private static final String RULES = """
            "rules": [{"on": "#", "do": [{"skill": "mcp.test.gate", "with": {"gate": "%s"}, "as": "a"},
              {"skill": "nodes.list"}, {"skill": "mcp.test.gate", "with": {"gate": "%s"}}]}]""";

    @Inject
    TaskEngine own;

    @Inject
    InstanceLeases leases;

    @Inject
    TaskConfig config;

    @Inject
    Jdbi jdbi;

    /** Two processes would have the configuration's times; a test has less time. */
    private record Quick(TaskConfig of, Duration lease) implements TaskConfig {

        @Override
        public int maxHops() {
            return of.maxHops();
        }

        @Override
        public int maxFailures() {
            return of.maxFailures();
        }

        @Override
        public Duration renew() {
            return Duration.ofMillis(300);
        }

        @Override
        public Duration tick() {
            return Duration.ofMillis(100);
        }

        @Override
        public Duration look() {
            return Duration.ofMillis(200);
        }

        @Override
        public Duration keep() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Duration retry() {
            return of.retry();
        }

        @Override
        public Duration withdraw() {
            return of.withdraw();
        }
    }

    /** The planted bug: believes what it remembers. */
    private static final class Trusting extends InstanceLeases {

        @Override
        public Held require(Handle tx, UUID instance, UUID replica, long fence) {
            return new Held("active", 0);
        }
    }

    @BeforeEach
    void alone() {
        own.stop();
    }

    @AfterEach
    void back() {
        own.start();
    }

    @Test
    void whatACrashedReplicaHadIsGoneOnWithByAnother() {
        publish("survivor", RULES.formatted("survivor", "survivor"));
        String instance = start("survivor");
        Engine first = engine(leases);
        first.start();
        String task = give(instance, "walk", "{}");
        String queued = give(instance, "walk", "{}");
        await().until(() -> TestSkills.ENTERED.contains(task + ".1"));
        first.freeze();
        Engine second = engine(leases);
        second.start();
        try {
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> TestSkills.ENTERED.stream()
                                    .filter((task + ".1")::equals)
                                    .count()
                            == 2);
            // The first one's thread comes back, too, and finds that it has nothing to say any more.
            TestSkills.open("survivor", 20);
            JsonNode done = awaitTask(task, "succeeded");
            awaitTask(queued, "succeeded");
            assertEquals(3, done.path("steps").size());
            assertEquals(
                    1, TestSkills.ENTERED.stream().filter((task + ".3")::equals).count(), "run once");
            assertEquals(
                    1,
                    TestSkills.ENTERED.stream().filter((queued + ".1")::equals).count(),
                    "run once");
        } finally {
            second.stop();
            first.stop();
        }
    }

    @Test
    void whatMustNotBeDoneTwiceIsNotWhenItWasCutOff() {
        publish("once-only", """
                "rules": [{"on": "#", "do": [{"skill": "mcp.test.once", "with": {"gate": "once-only"}}]}]""");
        String instance = start("once-only");
        Engine first = engine(leases);
        first.start();
        String task = give(instance, "walk", "{}");
        await().until(() -> TestSkills.ENTERED.contains(task + ".1"));
        first.freeze();
        Engine second = engine(leases);
        second.start();
        try {
            assertEquals("interrupted", awaitTask(task, "failed").path("code").asText());
            assertEquals(
                    1, TestSkills.ENTERED.stream().filter((task + ".1")::equals).count(), "run twice");
            TestSkills.open("once-only", 1);
            String other = give(instance, "walk", "{}");
            TestSkills.open("once-only", 1);
            awaitTask(other, "succeeded");
        } finally {
            second.stop();
            first.stop();
        }
    }

    /** A claim that was committed while the connection broke: the replica has a lease it does not know of. */
    @Test
    void aLeaseNobodyKnowsOfRunsOut() {
        publish("known", RULES.formatted("known", "known"));
        publish("unheard", "\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"nodes.list\"}]}]");
        String known = start("known");
        String unheard = start("unheard");
        Engine engine = engine(leases);
        engine.start();
        try {
            String task = give(known, "walk", "{}");
            await().until(() -> TestSkills.ENTERED.contains(task + ".1"));
            jdbi.useHandle(handle -> handle.createUpdate("""
                            UPDATE instance SET fence = 1, lease_until = clock_timestamp() + interval '1500 ms',
                              holder = (SELECT holder FROM instance WHERE id = :known) WHERE id = :unheard""")
                    .bind("known", UUID.fromString(known))
                    .bind("unheard", UUID.fromString(unheard))
                    .execute());
            awaitTask(give(unheard, "walk", "{}"), "succeeded");
            TestSkills.open("known", 20);
            awaitTask(task, "succeeded");
        } finally {
            engine.stop();
        }
    }

    /** Stopping an instance with thousands of tasks takes a while; the others keep their leases meanwhile. */
    @Test
    void aRowThatIsHeldForLongCostsNoOtherLease() {
        publish("slow-row", RULES.formatted("slow-row", "slow-row"));
        publish("bystander", RULES.formatted("bystander", "bystander"));
        String slow = start("slow-row");
        String bystander = start("bystander");
        // Long enough that a busy machine costs none, and shorter than the row is held.
        Engine first = engine(leases, Duration.ofSeconds(3));
        first.start();
        Engine second = engine(leases, Duration.ofSeconds(3));
        try {
            String one = give(slow, "walk", "{}");
            String other = give(bystander, "walk", "{}");
            await().until(() -> TestSkills.ENTERED.contains(one + ".1") && TestSkills.ENTERED.contains(other + ".1"));
            second.start();
            jdbi.useTransaction(tx -> {
                tx.createQuery("SELECT id FROM instance WHERE id = :id FOR UPDATE")
                        .bind("id", UUID.fromString(slow))
                        .mapTo(UUID.class)
                        .one();
                LockSupport.parkNanos(Duration.ofMillis(4500).toNanos());
            });
            TestSkills.open("bystander", 20);
            TestSkills.open("slow-row", 20);
            awaitTask(other, "succeeded");
            awaitTask(one, "succeeded");
            assertEquals(
                    1,
                    TestSkills.ENTERED.stream().filter((other + ".1")::equals).count(),
                    "run twice");
        } finally {
            second.stop();
            first.stop();
        }
    }

    @Test
    void aReplicaThatStopsProperlyHandsOverAtOnce() {
        publish("leaver", RULES.formatted("leaver", "leaver"));
        String instance = start("leaver");
        // Nobody could wait for such a lease to run out.
        Engine first = engine(leases, Duration.ofMinutes(10));
        first.start();
        String task = give(instance, "walk", "{}");
        await().until(() -> TestSkills.ENTERED.contains(task + ".1"));
        first.stop();
        Engine second = engine(leases);
        second.start();
        try {
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> TestSkills.ENTERED.stream()
                                    .filter((task + ".1")::equals)
                                    .count()
                            == 2);
            TestSkills.open("leaver", 20);
            awaitTask(task, "succeeded");
        } finally {
            second.stop();
        }
    }

    @Test
    void aReplicaThatSleptPastItsLeaseWritesNothing() {
        assertEquals(2, outputAfterASleeper(leases, "sleeper"), "what the new holder wrote stands");
    }

    /** The planted bug is seen: without the check the sleeper's late answer takes the place of the new holder's. */
    @Test
    void withoutTheCheckItWould() {
        assertNotEquals(2, outputAfterASleeper(new Trusting(), "trusting"));
    }

    /** Which run's output the first step has in the end, after one replica slept and another took its place. */
    private int outputAfterASleeper(InstanceLeases fencing, String agent) {
        publish(agent, """
                "rules": [{"on": "#", "do": [{"skill": "mcp.test.gate", "with": {"gate": "%s", "each": true}},
                  {"skill": "mcp.test.gate", "with": {"gate": "end-%s"}}]}]""".formatted(agent, agent));
        String instance = start(agent);
        Engine sleeper = engine(fencing);
        sleeper.start();
        String task = give(instance, "walk", "{}");
        await().until(() -> TestSkills.ENTERED.contains(task + ".1"));
        sleeper.freeze();
        Engine other = engine(leases);
        other.start();
        try {
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> TestSkills.ENTERED.stream()
                                    .filter((task + ".1")::equals)
                                    .count()
                            == 2);
            TestSkills.open(agent + ".2", 1);
            await().until(() -> TestSkills.ENTERED.contains(task + ".2"));
            assertEquals(2, run(task));
            // Now the sleeper wakes up, and has an answer, too.
            TestSkills.open(agent + ".1", 1);
            long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (run(task) == 2 && System.nanoTime() - until < 0) {
                LockSupport.parkNanos(50_000_000);
            }
            return run(task);
        } finally {
            TestSkills.open("end-" + agent, 10);
            other.stop();
            sleeper.stop();
        }
    }

    private static int run(String task) {
        return task(task).at("/steps/0/output/run").asInt();
    }

    private Engine engine(InstanceLeases fencing) {
        return engine(fencing, Duration.ofMillis(1500));
    }

    private Engine engine(InstanceLeases fencing, Duration lease) {
        return own.make(fencing, new Quick(config, lease));
    }
}
