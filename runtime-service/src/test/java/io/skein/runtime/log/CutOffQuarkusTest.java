package io.skein.runtime.log;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.runtime.CuttableBroker;
import io.skein.runtime.EventPublisher;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.routing.RoutedEventConsumer;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * EVT-02: the broker's or the database's connections are torn apart in the middle of batches; each event that was published is
 * logged once and routed once all the same. What routing leads to is written down in its transaction, without anything that would
 * hide a second time.
 */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
@QuarkusTestResource(value = CuttableBroker.class, restrictToAnnotatedClass = true)
class CutOffQuarkusTest {

    private static final int BATCHED = 400;
    private static final int STREAMED = 2000;
    private static final int ASKED = 40;

    /** What comes of an event that was routed. */
    @ApplicationScoped
    static class Effects implements RoutedEventConsumer {

        @Override
        public void routed(Handle tx, LoggedEvent event, List<Woken> agents) {
            if (event.type().startsWith("cut.")) {
                tx.execute("INSERT INTO effect (event_id) VALUES (?)", event.id());
            }
        }
    }

    @Inject
    Jdbi jdbi;

    @BeforeEach
    void empty() {
        jdbi.useHandle(handle -> {
            handle.execute("CREATE TABLE IF NOT EXISTS effect (event_id uuid NOT NULL)");
            handle.execute("TRUNCATE effect");
            handle.execute("DELETE FROM event_log WHERE type LIKE 'cut.%'");
            handle.execute("DELETE FROM dead_letter");
        });
    }

    @Test
    void theBrokersConnectionIsCutInTheMiddleOfBatches() throws Exception {
        inTheMiddleOfBatches(() -> {
            CuttableBroker.cut();
            // The same messages come again while their batches are still being written.
            await().until(() -> {
                try {
                    CuttableBroker.cut();
                    return true;
                } catch (java.io.IOException notYetBack) {
                    return false;
                }
            });
        });
    }

    @Test
    void theDatabasesConnectionsAreTerminatedInTheMiddleOfBatches() throws Exception {
        inTheMiddleOfBatches(() -> assertTrue(terminate("AND wait_event_type = 'Lock'") >= 4));
    }

    @Test
    void theBrokersConnectionIsCutAgainAndAgain() throws Exception {
        whileEventsStream(10, Duration.ofMillis(700), () -> {
            try {
                CuttableBroker.cut();
            } catch (java.io.IOException notYetBack) {
                return;
            }
        });
    }

    @Test
    void theDatabasesConnectionsAreTerminatedAgainAndAgain() throws Exception {
        whileEventsStream(15, Duration.ofMillis(200), () -> terminate(""));
    }

    private interface Trouble {
        void make() throws Exception;
    }

    /** All four consumers stand in their transactions, the inbox written, the log not yet, when it happens. */
    private void inTheMiddleOfBatches(Trouble trouble) throws Exception {
        Set<UUID> sent = new HashSet<>();
        try (EventPublisher publisher = new EventPublisher();
                java.sql.Connection blocking = SkeinInfrastructure.connect("runtime")) {
            blocking.setAutoCommit(false);
            blocking.createStatement().execute("LOCK TABLE event_log IN SHARE ROW EXCLUSIVE MODE");
            for (int i = 0; i < BATCHED; i++) {
                sent.add(hand(publisher, i));
            }
            publisher.confirm();
            await().until(() -> waiting() >= 4);
            trouble.make();
            blocking.rollback();
        }
        assertOnceEach(sent);
    }

    private void whileEventsStream(int times, Duration pause, Trouble trouble) throws Exception {
        Set<UUID> sent = new HashSet<>();
        try (EventPublisher publisher = new EventPublisher();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> troubling = threads.submit(() -> {
                for (int i = 0; i < times; i++) {
                    trouble.make();
                    Thread.sleep(pause);
                }
                return null;
            });
            Future<Set<UUID>> asked = threads.submit(CutOffQuarkusTest::publishByApi);
            for (int i = 0; i < STREAMED; i++) {
                sent.add(hand(publisher, i));
                if (i % 50 == 49) {
                    publisher.confirm();
                    Thread.sleep(20);
                }
            }
            publisher.confirm();
            troubling.get();
            sent.addAll(asked.get());
        }
        assertEquals(STREAMED + ASKED, sent.size());
        assertOnceEach(sent);
    }

    /** As a caller does it that wants to be sure: the same key again until there is an answer. */
    private static Set<UUID> publishByApi() throws InterruptedException {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < ASKED; i++) {
            String key = UUID.randomUUID().toString();
            while (true) {
                var answer = given().auth()
                        .oauth2(TestTokens.user("ada", "viewer", "operator"))
                        .contentType("application/json")
                        .header("Idempotency-Key", key)
                        .body("{\"type\":\"cut.asked\",\"priority\":\"high\"}")
                        .post("/api/v1/events/publish");
                if (answer.statusCode() == 201) {
                    ids.add(UUID.fromString(answer.path("id")));
                    break;
                }
                Thread.sleep(50);
            }
        }
        return ids;
    }

    private static UUID hand(EventPublisher publisher, int i) throws Exception {
        SkeinEvent event =
                TestBroker.event("cut.off").priority(Priority.values()[i % 4]).build();
        publisher.hand(event);
        return event.id();
    }

    private void assertOnceEach(Set<UUID> sent) throws Exception {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ids("SELECT DISTINCT id FROM event_log WHERE type LIKE 'cut.%' AND routing <> 'pending'")
                        .equals(sent));
        // What came twice would be on its way, still.
        await().atMost(Duration.ofSeconds(30)).until(() -> inQueues() == 0);
        assertEquals(sent.size(), count("SELECT count(*) FROM event_log WHERE type LIKE 'cut.%'"), "logged once each");
        assertEquals(sent, ids("SELECT event_id FROM effect"));
        assertEquals(sent.size(), count("SELECT count(*) FROM effect"), "routed once each");
        assertEquals(0, count("SELECT count(*) FROM dead_letter"));
    }

    private Set<UUID> ids(String sql) {
        return new HashSet<>(jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(UUID.class).list()));
    }

    private long count(String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    private static long inQueues() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            long messages = 0;
            for (Queue queue :
                    List.of(Queue.RUNTIME_CRITICAL, Queue.RUNTIME_HIGH, Queue.RUNTIME_NORMAL, Queue.RUNTIME_LOW)) {
                messages += channel.messageCount(queue.wire());
            }
            return messages;
        }
    }

    /** Backends of the service that wait for the lock of the log. */
    private static int waiting() throws Exception {
        try (java.sql.Connection connection = SkeinInfrastructure.connect("runtime");
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO event_log%'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** How many of the service's backends are no more. */
    private static int terminate(String which) throws Exception {
        try (java.sql.Connection connection = SkeinInfrastructure.connect("runtime");
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND usename = current_user AND pid <> pg_backend_pid() " + which);
                var rows = statement.executeQuery()) {
            int terminated = 0;
            while (rows.next()) {
                terminated++;
            }
            return terminated;
        }
    }
}
