package io.skein.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.arc.ClientProxy;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.topology.Queue;
import io.skein.runtime.RegistryStandIn;
import jakarta.inject.Inject;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** EVT-01: while everybody has more than can be logged, each priority gets its share, and low a share of its own. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class FairShareQuarkusTest {

    @Inject
    Jdbi jdbi;

    @Inject
    Turns turns;

    /** In the place of the service's own for one test. A batch that began with the one may end with the other. */
    private abstract static class Planted extends Turns {

        private final Turns own;

        Planted(Turns own) {
            this.own = own;
        }

        @Override
        synchronized void end(Queue queue, int events, boolean more) {
            super.end(queue, events, more);
            own.end(queue, 0, false);
        }
    }

    /** All priorities are alike. */
    private static final class IgnoredWeights extends Planted {

        IgnoredWeights(Turns own) {
            super(own);
        }

        @Override
        int weight(Queue queue) {
            return 2;
        }
    }

    /** A queue is drained before the next one is looked at. */
    private static final class StrictPriority extends Planted {

        private final Jdbi jdbi;
        private final String type;

        StrictPriority(Turns own, Jdbi jdbi, String type) {
            super(own);
            this.jdbi = jdbi;
            this.type = type;
        }

        @Override
        void begin(Queue queue) throws InterruptedException {
            while (urgentWait(queue)) {
                Thread.sleep(50);
            }
        }

        private boolean urgentWait(Queue queue) {
            return queue != Queue.RUNTIME_CRITICAL
                    && jdbi.withHandle(handle -> handle.createQuery(
                                            "SELECT count(*) FROM event_log WHERE type = :type AND priority = 'critical'")
                                    .bind("type", type)
                                    .mapTo(Integer.class)
                                    .one())
                            < FairShare.FLOOD;
        }
    }

    @Test
    void eachPriorityGetsItsWeightOfTheLog() throws Exception {
        assertEquals(List.of(), FairShare.complaints(FairShare.measured(jdbi, "fair.share")));
    }

    @Test
    void ignoredWeightsAreSeen() throws Exception {
        QuarkusMock.installMockForType(new IgnoredWeights(ClientProxy.unwrap(turns)), Turns.class);
        List<String> complaints = FairShare.complaints(FairShare.measured(jdbi, "fair.alike"));
        assertTrue(
                complaints.stream().anyMatch(complaint -> complaint.startsWith("weights do not count")),
                complaints::toString);
    }

    @Test
    void strictPriorityIsSeen() throws Exception {
        QuarkusMock.installMockForType(new StrictPriority(ClientProxy.unwrap(turns), jdbi, "fair.strict"), Turns.class);
        List<String> complaints = FairShare.complaints(FairShare.measured(jdbi, "fair.strict"));
        assertTrue(
                complaints.stream().anyMatch(complaint -> complaint.startsWith("low is starved")),
                complaints::toString);
    }
}
