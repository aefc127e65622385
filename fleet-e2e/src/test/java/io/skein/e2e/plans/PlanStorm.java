package io.skein.e2e.plans;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.e2e.Fleet;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** People who want plans carried out by the processes of the orchestrator, and what is done to these meanwhile. */
final class PlanStorm implements AutoCloseable {

    /** Two to a place, so that half of the plans wait for the hosts of another. */
    private static final int PEOPLE = 2 * StormPlaybooks.PLACES;

    /** So many more plans are asked for after each kill that the storm is not over before there were enough. */
    private static final int PLANS_PER_KILL = 10;

    private static final int SHORTEST_CALM_MILLIS = 200;
    private static final int LONGEST_CALM_MILLIS = 4000;
    private static final int LOOK_MILLIS = 250;

    private final OrchestratorReplicas replicas;
    private final StormPlaybooks playbooks;
    private final PlanDatabase database;
    private final PlanApi api;
    private final Random random;
    private final int plans;
    private final String keys = "storm-" + UUID.randomUUID() + "-";
    private final Map<String, UUID> answered = new ConcurrentHashMap<>();
    private final int effectsBefore;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger kills = new AtomicInteger();
    private final List<Future<?>> people = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private int handedOver;
    private int claimsOfTheDead;

    /** Everybody begins at once. */
    PlanStorm(Fleet fleet, OrchestratorReplicas replicas, StormPlaybooks playbooks, int plans, long seed)
            throws SQLException, IOException {
        this.replicas = replicas;
        this.playbooks = playbooks;
        this.database = new PlanDatabase(fleet);
        this.api = new PlanApi(fleet, replicas.urls());
        this.random = new Random(seed);
        this.plans = plans;
        this.effectsBefore = playbooks.effects().size();
        for (int i = 0; i < PEOPLE; i++) {
            Random own = new Random(random.nextLong());
            people.add(threads.submit(() -> want(own)));
        }
    }

    private Void want(Random own) throws Exception {
        for (int plan = next.getAndIncrement(); plan < plans; plan = next.getAndIncrement()) {
            while (plan >= PEOPLE + PLANS_PER_KILL * (kills.get() + 1)) {
                Thread.sleep(LOOK_MILLIS);
            }
            JsonNode made = api.ask(keys + plan, StormPlaybooks.request(plan), own);
            if (made.path("steps").size() != 3 || !made.path("status").asText().equals("awaiting_approval")) {
                throw new AssertionError("asked for three steps and got " + made);
            }
            UUID id = UUID.fromString(made.path("id").asText());
            answered.put(keys + plan, id);
            api.approve(id, own);
            while (!database.isFinished(id)) {
                Thread.sleep(LOOK_MILLIS);
            }
        }
        return null;
    }

    boolean isOver() {
        return people.stream().allMatch(Future::isDone);
    }

    /** One is killed, wherever it is, and another takes its place; now and then that one is killed while it starts. */
    void killOne() throws Exception {
        Thread.sleep(SHORTEST_CALM_MILLIS + random.nextInt(LONGEST_CALM_MILLIS - SHORTEST_CALM_MILLIS));
        int which = random.nextInt(OrchestratorReplicas.REPLICAS);
        kill(which);
        if (random.nextInt(4) == 0) {
            replicas.start(which);
            Thread.sleep(random.nextInt(LONGEST_CALM_MILLIS));
            kill(which);
        }
        replicas.start(which);
        replicas.awaitReady(which);
    }

    private void kill(int which) throws Exception {
        replicas.kill(which);
        Map<UUID, Object> claims = database.claims();
        handedOver += database.underWay();
        kills.incrementAndGet();
        // Longer than anybody who lives looks at a plan.
        Thread.sleep(1000);
        claims.entrySet().retainAll(database.claims().entrySet());
        claimsOfTheDead += claims.size();
    }

    int kills() {
        return kills.get();
    }

    /** How many plans were under way when one was killed, all kills together. */
    int handedOver() {
        return handedOver;
    }

    /** How many of these the killed one was working on in that moment, and another had to take over. */
    int claimsOfTheDead() {
        return claimsOfTheDead;
    }

    /** Waits for everybody, but not longer, and passes on what went wrong for them. */
    void end(Duration longest) throws Exception {
        long end = System.nanoTime() + longest.toNanos();
        for (Future<?> person : people) {
            try {
                person.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                // What did not end is in the history.
            }
        }
    }

    /** What is there now. */
    StormHistory history() throws SQLException, IOException, InterruptedException {
        List<PlanHistory> all = database.plans(keys);
        List<Told> told = new ArrayList<>();
        Map<UUID, Integer> evidence = new HashMap<>();
        for (PlanHistory plan : all) {
            told.addAll(api.told(plan.id(), evidence));
        }
        List<UUID> effects =
                new ArrayList<>(playbooks.effects().stream().skip(effectsBefore).toList());
        effects.removeAll(database.stepsOfOthers(keys));
        return new StormHistory(Map.copyOf(answered), all, effects, told, evidence);
    }

    JsonNode verifyChain() throws IOException, InterruptedException {
        return api.verifyChain();
    }

    @Override
    public void close() throws SQLException {
        threads.shutdownNow();
        api.close();
        database.close();
    }
}
