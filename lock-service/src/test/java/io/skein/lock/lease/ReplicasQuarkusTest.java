package io.skein.lock.lease;

import static io.restassured.RestAssured.given;
import static io.skein.lock.lease.Locks.claim;
import static io.skein.lock.lease.Locks.person;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What other replicas do is noticed here; and the database may go away. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class ReplicasQuarkusTest {

    private static final String ANOTHER = "lock_another";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String ADA = TestTokens.user("ada", "viewer", "operator");

    @Inject
    LeaseRepository leases;

    @Inject
    Locks locks;

    @Inject
    LeaseConfig config;

    @Inject
    Jdbi jdbi;

    @Inject
    AgroalDataSource database;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String resource = "host:" + UUID.randomUUID();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void whoWaitsHereIsToldAtOnceWhenItIsReleasedThere() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            millis.add(handOverFromAnotherReplica());
        }
        millis.sort(null);
        assertTrue(
                millis.get(5) < config.watchInterval().toMillis() / 2,
                "that is the poll, not the notification: " + millis);
    }

    @Test
    void aLostNotificationIsMadeUpFor() throws Exception {
        await().atMost(20, SECONDS).until(() -> listeners("count(*)") == 1);
        assertEquals(1, listeners("count(pg_terminate_backend(pid))"));
        assertTrue(handOverFromAnotherReplica() < 1000);
        // And somebody listens again.
        await().atMost(20, SECONDS).until(() -> listeners("count(*)") == 1);
        assertTrue(handOverFromAnotherReplica() < 1000);
    }

    private int listeners(String what) {
        return jdbi.withHandle(
                h -> h.createQuery("SELECT " + what + " FROM pg_stat_activity WHERE query LIKE 'LISTEN lock_%'"
                                + " AND pid <> pg_backend_pid() AND datname = current_database()")
                        .mapTo(Integer.class)
                        .one());
    }

    private long handOverFromAnotherReplica() throws Exception {
        Lease held = locks.acquire(claim("holder", resource), Duration.ZERO);
        Future<Lease> waiting = threads.submit(() -> locks.acquire(claim("waiting", resource), LONG));
        await().until(() -> locks.waitingFor(resource).size() == 1);

        long begun = System.nanoTime();
        List<Answer> answers = jdbi.withHandle(h -> leases.release(h, held.id(), person("holder"), null, ANOTHER));
        Lease next = waiting.get(20, SECONDS);
        long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();

        assertEquals(
                List.of(Answer.Kind.DONE, Answer.Kind.SERVED),
                answers.stream().map(Answer::kind).toList());
        locks.release(next);
        return took;
    }

    @Test
    void withoutTheDatabaseNothingIsGrantedAndNothingIsLost() throws Exception {
        String held = as().body("{\"resourceId\":\"" + resource + "\",\"ttlSeconds\":120}")
                .post("/api/v1/locks")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        databaseAway(true);
        try {
            as().body("{\"resourceId\":\"" + resource + "-free\"}")
                    .post("/api/v1/locks")
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .body("code", equalTo("unavailable"));
            as().post("/api/v1/locks/" + held + "/renew").then().statusCode(503);
            as().delete("/api/v1/locks/" + held).then().statusCode(503);
        } finally {
            databaseAway(false);
            // The pool finds out by itself, but the next test must not be the one that does.
            database.flush(AgroalDataSource.FlushMode.IDLE);
        }
        await().atMost(30, SECONDS)
                .until(() -> as().get("/api/v1/locks/" + held).statusCode() == 200);
        as().get("/api/v1/locks/resources/" + resource).then().body("holder.id", equalTo(held));
        as().post("/api/v1/locks/" + held + "/renew").then().statusCode(200);
        as().get("/api/v1/locks/resources/" + resource + "-free").then().body("fencingToken", equalTo(0));
        assertFalse(locks.acquire(claim("ada", resource + "-free"), Duration.ZERO)
                .fencingTokens()
                .isEmpty());
    }

    private static void databaseAway(boolean away) throws SQLException {
        String url = System.getProperty("skein.test.postgres.url");
        String name = System.getProperty("skein.test.postgres.user");
        try (Connection connection = DriverManager.getConnection(url.replace("/" + name, "/postgres"), name, name);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS " + !away);
            if (away) {
                statement.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
            }
        }
    }

    private static RequestSpecification as() {
        return given().auth().oauth2(ADA).contentType("application/json");
    }
}
