package io.skein.e2e.locks;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.e2e.Fleet;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Clients on several replicas of the lock service, and what is done to these meanwhile. */
final class LockStorm implements AutoCloseable {

    static final int CLIENTS = 50;
    private static final int RESOURCES = 4;
    private static final Duration CALL = Duration.ofSeconds(10);

    private final Fleet fleet;
    private final LockReplicas replicas;
    private final History history = new History();
    private final Map<String, FencedThing> things = new LinkedHashMap<>();
    private final List<Future<?>> clients = new ArrayList<>();
    private final AtomicBoolean goOn = new AtomicBoolean(true);
    private final AtomicBoolean watching = new AtomicBoolean(true);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final LockApi api;
    private final Random random;
    private final String name = "storm-" + UUID.randomUUID().toString().substring(0, 8);
    private final String prefix = "agent:" + name + ".";
    private final String calm;
    private String token;
    private long tokenFrom;

    /**
     * The clients begin at once.
     *
     * @param fencing whether what is locked checks fencing tokens
     */
    LockStorm(Fleet fleet, LockReplicas replicas, boolean fencing, long seed) {
        this.fleet = fleet;
        this.replicas = replicas;
        this.random = new Random(seed);
        this.api = new LockApi(http, this::token);
        this.calm = fleet.url("lock-service");
        for (int i = 0; i < RESOURCES; i++) {
            String resource = name + "." + i;
            things.put(resource, new FencedThing(resource, history, fencing));
        }
        for (int i = 0; i < CLIENTS; i++) {
            Random own = new Random(random.nextLong());
            clients.add(threads.submit(
                    new StormClient(api, replicas.urls(), things, history, () -> goOn.get(), own, prefix)));
        }
        threads.submit(this::watchQueues);
    }

    /** A service acts for whom it says; people only for themselves. */
    private synchronized String token() {
        if (token == null || System.nanoTime() - tokenFrom > TimeUnit.MINUTES.toNanos(4)) {
            token = fleet.serviceToken("runtime-service");
            tokenFrom = System.nanoTime();
        }
        return token;
    }

    /** What was seen so far; what is under way is missing. */
    History soFar() {
        return history;
    }

    /** Nobody starts anything new; waits for what is under way. */
    History end() throws Exception {
        goOn.set(false);
        for (Future<?> client : clients) {
            client.get(90, TimeUnit.SECONDS);
        }
        watching.set(false);
        return history;
    }

    void killOne() throws Exception {
        long from = System.nanoTime();
        replicas.kill(random.nextInt(100));
        fault("killed", History.Excuse.SILENCE, from);
    }

    /** For longer than a lock lasts. */
    void freezeOne() throws Exception {
        long from = System.nanoTime();
        replicas.freeze(
                random.nextInt(100), Duration.ofSeconds(StormClient.TTL_SECONDS).plusMillis(1500));
        fault("frozen", History.Excuse.SILENCE, from);
    }

    void stepClockOfOne(int seconds) throws Exception {
        long from = System.nanoTime();
        replicas.stepClock(seconds, Duration.ofSeconds(4));
        fault("clock stepped by " + seconds + " s", History.Excuse.NOTHING, from);
    }

    void flushRedis() throws Exception {
        long from = System.nanoTime();
        FleetRedis.flush(fleet);
        fault("redis flushed", History.Excuse.NOTHING, from);
    }

    /** PostgreSQL loses its processes and everything it had not committed. */
    void crashDatabase() throws Exception {
        long from = System.nanoTime();
        fleet.crashDatabase();
        fleet.up();
        fault("database crashed", History.Excuse.ORDER, from);
    }

    private void fault(String what, History.Excuse excuse, long from) {
        // Callers that met it come back, and leases of those that do not run out.
        long to = System.nanoTime() + TimeUnit.SECONDS.toNanos(StormClient.TTL_SECONDS + 1);
        history.add(new History.Fault(what, excuse, new Grant.Span(from, to)));
    }

    /** Reads the queues at a replica that nothing happens to, and notes who stands before whom. */
    private void watchQueues() {
        while (watching.get()) {
            for (String resource : things.keySet()) {
                try {
                    LockApi.Answer answer = api.call(calm, "GET", "/api/v1/locks/resources/" + resource, null, CALL);
                    note(resource, answer.body().path("queue"), System.nanoTime());
                    Thread.sleep(30);
                } catch (IOException e) {
                    // The next look will do.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void note(String resource, JsonNode queue, long seen) {
        for (int i = 1; i < queue.size(); i++) {
            JsonNode first = queue.get(i - 1);
            JsonNode second = queue.get(i);
            int before = StormClient.PRIORITIES.indexOf(first.path("priority").asText());
            int after = StormClient.PRIORITIES.indexOf(second.path("priority").asText());
            Instant firstCame = Instant.parse(first.path("arrivedAt").asText());
            Instant secondCame = Instant.parse(second.path("arrivedAt").asText());
            boolean inOrder = before < after || before == after && !secondCame.isBefore(firstCame);
            // What must come first is what the requirement says, not what the list says.
            JsonNode ahead = inOrder ? first : second;
            JsonNode behind = inOrder ? second : first;
            history.add(new History.Ahead(resource, number(ahead), number(behind), seen));
        }
    }

    private int number(JsonNode entry) {
        return Integer.parseInt(entry.path("ownerId").asText().substring(prefix.length()));
    }

    @Override
    public void close() {
        goOn.set(false);
        watching.set(false);
        threads.shutdownNow();
        http.close();
    }
}
