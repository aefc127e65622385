package io.skein.e2e.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.e2e.Fleet;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LOCK-04 step by step: what happens to one lock, and to its fencing token, when its servers go away and come back. */
class LockFaultIT {

    private static final Duration CALL = Duration.ofSeconds(20);
    private static Fleet fleet;
    private static LockReplicas replicas;
    private static HttpClient http;

    private final String resource = "fault-" + UUID.randomUUID();
    private final String token = fleet.serviceToken("runtime-service");
    private final LockApi api = new LockApi(http, () -> token);

    @BeforeAll
    static void start() throws Exception {
        fleet = Fleet.running();
        replicas = new LockReplicas(fleet);
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() throws Exception {
        replicas.close();
        http.close();
    }

    @Test
    void theTokenRisesOverAFlushAFailoverAndACrashAndNothingThatIsHeldIsLost() throws Exception {
        assertEquals(1, acquireAndRelease(0));
        FleetRedis.flush(fleet);
        assertEquals(2, acquireAndRelease(1));
        replicas.kill(1);
        assertEquals(3, acquireAndRelease(2));
        assertEquals(4, acquireAndRelease(1));

        LockApi.Answer held = acquire(1, resource, 600);
        assertEquals(5, token(held));
        String path = "/api/v1/locks/" + held.body().path("id").asText();
        fleet.crashDatabase();
        for (int replica : new int[] {0, 1, 2}) {
            LockApi.Answer away = acquire(replica, resource + "-free", 60);
            assertEquals(503, away.status(), away::toString);
            assertEquals("unavailable", away.body().path("code").asText());
            assertEquals(503, call(replica, "POST", path + "/renew").status());
            assertEquals(503, call(replica, "DELETE", path).status());
        }
        fleet.up();

        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> call(1, "GET", path).status() == 200);
        assertEquals("held", call(1, "GET", path).body().path("status").asText());
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> acquire(2, resource, 60).status() == 409);
        assertEquals(200, call(0, "POST", path + "/renew").status());
        assertEquals(204, call(1, "DELETE", path).status());
        assertEquals(6, acquireAndRelease(2));
        LockApi.Answer free = acquire(0, resource + "-free", 60);
        assertEquals(1, token(free, resource + "-free"), "nothing was granted while the database was away");
    }

    private long acquireAndRelease(int replica) throws Exception {
        LockApi.Answer lock = acquire(replica, resource, 60);
        assertEquals(
                204,
                call(
                                replica,
                                "DELETE",
                                "/api/v1/locks/" + lock.body().path("id").asText())
                        .status());
        return token(lock);
    }

    private LockApi.Answer acquire(int replica, String name, int ttl) throws IOException, InterruptedException {
        return api.call(
                replicas.urls().get(replica),
                "POST",
                "/api/v1/locks",
                Map.of(
                        "resourceId",
                        name,
                        "ttlSeconds",
                        ttl,
                        "ownerId",
                        "agent:fault",
                        "ownerType",
                        "agent",
                        "team",
                        "default"),
                CALL);
    }

    private LockApi.Answer call(int replica, String method, String path) throws IOException, InterruptedException {
        return api.call(replicas.urls().get(replica), method, path, null, CALL);
    }

    private long token(LockApi.Answer lock) {
        return token(lock, resource);
    }

    private static long token(LockApi.Answer lock, String name) {
        assertEquals(201, lock.status(), lock::toString);
        long token = lock.body().path("fencingTokens").path(name).asLong();
        assertTrue(token > 0, lock::toString);
        return token;
    }
}
