package io.skein.runtime.routing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.runtime.EventPublisher;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.TestBroker;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** EVT-01, EVT-04: what the registry takes long over, or has no answer to, holds up nothing else. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class RouterQuarkusTest {

    private static final int SLOW = 60;

    /** Asking about each takes longer than anybody waits here. */
    private static final int MANY = 150;

    @Inject
    Jdbi jdbi;

    @Test
    void aFloodOfTypesNobodyKnowsDelaysNoCriticalEvent() throws Exception {
        try (EventPublisher publisher = new EventPublisher()) {
            for (int i = 0; i < SLOW; i++) {
                publisher.hand(
                        TestBroker.event("slow.type" + i).priority(Priority.LOW).build());
            }
            publisher.confirm();
            await().until(() -> count("type LIKE 'slow.type%'") == SLOW);
            SkeinEvent urgent = TestBroker.event("device.offline")
                    .priority(Priority.CRITICAL)
                    .build();
            publisher.send(urgent);
            String routed = "id = '" + urgent.id() + "' AND routing = 'routed'";
            await().pollInterval(Duration.ofMillis(20)).until(() -> count(routed) == 1);

            long waiting = count(
                    "type LIKE 'slow.type%' AND (routing = 'pending' OR routed_at > (SELECT routed_at FROM event_log"
                            + " WHERE id = '" + urgent.id() + "'))");
            assertTrue(waiting >= SLOW / 3, "only " + waiting + " of " + SLOW + " went after the critical event");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> count("type LIKE 'slow.type%' AND routing = 'pending'") == 0);
        }
    }

    @Test
    void eventsTheRegistryFailsAtHoldUpNoOthersBehindThem() throws Exception {
        try (EventPublisher publisher = new EventPublisher()) {
            // More than the share of a round.
            for (int i = 0; i < 300; i++) {
                publisher.hand(
                        TestBroker.event("sick.type").priority(Priority.HIGH).build());
            }
            publisher.confirm();
            await().until(() -> count("type = 'sick.type'") == 300);
            SkeinEvent next =
                    TestBroker.event("device.offline").priority(Priority.HIGH).build();
            publisher.send(next);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> count("id = '" + next.id() + "' AND routing = 'routed'") == 1);
            assertTrue(count("type = 'sick.type' AND routing = 'pending'") == 300, "they wait for an answer");
        } finally {
            jdbi.useHandle(handle -> handle.execute("DELETE FROM event_log WHERE type = 'sick.type'"));
        }
    }

    @Test
    void manyTypesTheRegistryHasNoAnswerToDelayNothingUrgent() throws Exception {
        try (EventPublisher publisher = new EventPublisher()) {
            for (int i = 0; i < MANY; i++) {
                publisher.hand(TestBroker.event("slow.sick" + i)
                        .priority(Priority.NORMAL)
                        .build());
            }
            publisher.confirm();
            await().until(() -> count("type LIKE 'slow.sick%'") == MANY);
            SkeinEvent urgent = TestBroker.event("device.offline")
                    .priority(Priority.CRITICAL)
                    .build();
            publisher.send(urgent);
            await().until(() -> count("id = '" + urgent.id() + "' AND routing = 'routed'") == 1);
            assertTrue(count("type LIKE 'slow.sick%' AND routing = 'pending'") == MANY, "they wait for an answer");
        } finally {
            jdbi.useHandle(handle -> handle.execute("DELETE FROM event_log WHERE type LIKE 'slow.sick%'"));
        }
    }

    /** Each of the others that is routed is no news about this one. */
    @Test
    void aTypeTheRegistryHasNoAnswerToIsAskedAboutLessAndLess() throws Exception {
        try (EventPublisher publisher = new EventPublisher()) {
            long begun = System.nanoTime();
            publisher.send(TestBroker.event("sick.alone").build());
            await().until(() -> RegistryStandIn.asked("sick.alone") > 0);
            for (int i = 0; i < 20; i++) {
                SkeinEvent other = TestBroker.event("device.offline").build();
                publisher.send(other);
                await().pollInterval(Duration.ofMillis(50))
                        .until(() -> count("id = '" + other.id() + "' AND routing = 'routed'") == 1);
            }
            // After 200 ms, 400 ms, 800 ms ...
            double seconds = (System.nanoTime() - begun) / 1e9;
            int asked = RegistryStandIn.asked("sick.alone");
            assertTrue(
                    asked <= 2 + Math.log(seconds / 0.2 + 1) / Math.log(2),
                    "asked " + asked + " times in " + seconds + " s");
        } finally {
            jdbi.useHandle(handle -> handle.execute("DELETE FROM event_log WHERE type = 'sick.alone'"));
        }
    }

    private long count(String where) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM event_log WHERE " + where)
                .mapTo(Long.class)
                .one());
    }
}
