package io.skein.runtime.log;

import static org.awaitility.Awaitility.await;

import io.skein.contracts.event.Priority;
import io.skein.runtime.EventPublisher;
import io.skein.test.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** What each priority gets while all four have more than can be logged: the same measurement for the service and for planted ones. */
final class FairShare {

    static final int FLOOD = 1500;

    private FairShare() {}

    /** Shares of the log, from its beginning until the first of the four was through. */
    static Map<Priority, Double> measured(Jdbi jdbi, String type) throws Exception {
        try (EventPublisher publisher = new EventPublisher()) {
            // Nothing is logged before all of it waits: how fast anybody publishes does not matter.
            jdbi.useTransaction(tx -> {
                tx.execute("LOCK TABLE event_log IN SHARE ROW EXCLUSIVE MODE");
                for (int i = 0; i < FLOOD; i++) {
                    for (Priority priority : Priority.values()) {
                        publisher.hand(TestBroker.event(type).priority(priority).build());
                    }
                }
                publisher.confirm();
            });
        }
        int all = FLOOD * Priority.values().length;
        await().atMost(Duration.ofSeconds(90)).until(() -> logged(jdbi, type).size() == all);
        Map<Priority, Integer> counts = new EnumMap<>(Priority.class);
        int taken = 0;
        for (Priority priority : logged(jdbi, type)) {
            taken++;
            if (counts.merge(priority, 1, Integer::sum) == FLOOD) {
                break;
            }
        }
        // Routing thousands of them would hold up the tests that come next.
        jdbi.useHandle(handle -> handle.execute("DELETE FROM event_log WHERE type = ?", type));
        Map<Priority, Double> shares = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.values()) {
            shares.put(priority, counts.getOrDefault(priority, 0) / (double) taken);
        }
        return shares;
    }

    private static List<Priority> logged(Jdbi jdbi, String type) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT priority FROM event_log WHERE type = :type ORDER BY seq")
                        .bind("type", type)
                        .mapTo(String.class)
                        .map(Priority::fromWire)
                        .list());
    }

    /** What is not fair about them. Meant are 40, 30, 20 and 10 of a hundred. */
    static List<String> complaints(Map<Priority, Double> shares) {
        List<String> complaints = new ArrayList<>();
        if (shares.get(Priority.LOW) < 0.05) {
            complaints.add("low is starved: " + shares);
        }
        if (shares.get(Priority.CRITICAL) < 2 * shares.get(Priority.LOW)
                || shares.get(Priority.CRITICAL) < 1.4 * shares.get(Priority.NORMAL)
                || shares.get(Priority.HIGH) < 1.5 * shares.get(Priority.LOW)) {
            complaints.add("weights do not count: " + shares);
        }
        if (shares.get(Priority.CRITICAL) > 0.6) {
            complaints.add("one is drained before the others: " + shares);
        }
        return complaints;
    }
}
