package io.skein.e2e.locks;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.e2e.locks.Grant.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Somebody who takes locks, holds them for a moment and gives them back, again and again: sometimes for long, with renewals; sometimes
 * two at once; sometimes asleep until long after the lock is over; and then writes with whatever token it has.
 */
final class StormClient implements Runnable {

    static final List<String> PRIORITIES = List.of("critical", "high", "normal", "low");
    static final int TTL_SECONDS = 2;
    static final int PATIENCE_SECONDS = 5;
    private static final long TTL = Duration.ofSeconds(TTL_SECONDS).toNanos();
    private static final Duration SHORT_CALL = Duration.ofSeconds(10);

    private static final int UNAVAILABLE = 503;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final LockApi api;
    private final List<String> replicas;
    private final Map<String, FencedThing> things;
    private final History history;
    private final BooleanSupplier goOn;
    private final Random random;
    private final String prefix;

    StormClient(
            LockApi api,
            List<String> replicas,
            Map<String, FencedThing> things,
            History history,
            BooleanSupplier goOn,
            Random random,
            String prefix) {
        this.api = api;
        this.replicas = replicas;
        this.things = things;
        this.history = history;
        this.goOn = goOn;
        this.random = random;
        this.prefix = prefix;
    }

    /** What a lock is for, as the service sees it: {@code <prefix><number>}. A number is never used twice. */
    private record Claim(int number, List<String> resources, int priority, int patienceSeconds) {}

    @Override
    public void run() {
        try {
            while (goOn.getAsBoolean()) {
                once();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void once() throws InterruptedException {
        List<String> names = List.copyOf(things.keySet());
        String one = names.get(random.nextInt(names.size()));
        String other = names.get(random.nextInt(names.size()));
        Claim claim = new Claim(
                NUMBERS.incrementAndGet(),
                chance(10) ? List.of(one, other).stream().distinct().toList() : List.of(one),
                random.nextInt(PRIORITIES.size()),
                chance(20) ? 0 : PATIENCE_SECONDS);
        long from = System.nanoTime();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("resourceIds", claim.resources());
        body.put("ownerId", prefix + claim.number());
        body.put("ownerType", "agent");
        body.put("team", "default");
        body.put("ttlSeconds", TTL_SECONDS);
        body.put("waitSeconds", claim.patienceSeconds());
        body.put("priority", PRIORITIES.get(claim.priority()));
        body.put("requestId", UUID.randomUUID().toString());
        for (int attempt = 0; attempt < 6; attempt++) {
            long asked = System.nanoTime();
            try {
                LockApi.Answer answer = api.call(
                        replica(), "POST", "/api/v1/locks", body, SHORT_CALL.plusSeconds(claim.patienceSeconds()));
                long to = System.nanoTime();
                if (answer.status() == 201) {
                    hold(claim, new Span(from, to), asked, answer.body());
                    return;
                }
                if (answer.body().path("code").asText().equals("lock_held")) {
                    if (claim.patienceSeconds() > 0) {
                        history.add(new History.Refusal(
                                claim.resources(), claim.number(), claim.priority(), new Span(from, to)));
                    }
                    return;
                }
                if (answer.status() == 409) {
                    // It was granted while nobody heard, and ran out.
                    unknown(claim, new Span(from, to));
                    return;
                }
                if (answer.status() != UNAVAILABLE) {
                    history.surprise("acquire: " + answer);
                }
            } catch (IOException e) {
                // Whether it got the lock is what the next attempt, with the same request id, finds out.
            }
            Thread.sleep(50L + random.nextInt(200));
        }
        unknown(claim, new Span(from, System.nanoTime()));
    }

    private void unknown(Claim claim, Span span) {
        claim.resources().forEach(r -> history.add(new History.Unknown(r, span, TTL)));
    }

    private void hold(Claim claim, Span acquire, long asked, JsonNode lease) throws InterruptedException {
        String id = lease.path("id").asText();
        List<Span> renewals = new ArrayList<>();
        write(claim, lease);
        boolean sleeps = chance(2);
        if (sleeps) {
            Thread.sleep(TTL_SECONDS * 1000L + 500);
        } else if (chance(8)) {
            int times = 1 + random.nextInt(5);
            // Early, or so late that a sweep which looked too soon has already seen it nearly over.
            long pause = TTL_SECONDS * (random.nextBoolean() ? 300L : 650L);
            for (int i = 0; i < times; i++) {
                long from = System.nanoTime();
                if (!renew(id)) {
                    break;
                }
                renewals.add(new Span(from, System.nanoTime()));
                Thread.sleep(pause);
            }
        } else {
            Thread.sleep(random.nextInt(15));
        }
        write(claim, lease);
        Span release = chance(3) ? null : release(id);
        for (String resource : claim.resources()) {
            history.add(new Grant(
                    resource,
                    claim.number(),
                    lease.path("fencingTokens").path(resource).asLong(),
                    claim.priority(),
                    acquire,
                    asked,
                    TTL,
                    renewals,
                    release));
        }
    }

    private void write(Claim claim, JsonNode lease) {
        for (String resource : claim.resources()) {
            things.get(resource)
                    .write(
                            claim.number(),
                            lease.path("fencingTokens").path(resource).asLong());
        }
    }

    /** False as soon as it is not sure that the lock goes on. */
    private boolean renew(String id) throws InterruptedException {
        try {
            LockApi.Answer answer = api.call(
                    replica(), "POST", "/api/v1/locks/" + id + "/renew", Map.of("ttlSeconds", TTL_SECONDS), SHORT_CALL);
            if (!List.of(200, 404, 409, UNAVAILABLE).contains(answer.status())) {
                history.surprise("renew: " + answer);
            }
            return answer.status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Null when nobody confirmed it. */
    private Span release(String id) throws InterruptedException {
        long from = System.nanoTime();
        for (int attempt = 0; attempt < 6; attempt++) {
            try {
                LockApi.Answer answer = api.call(replica(), "DELETE", "/api/v1/locks/" + id, null, SHORT_CALL);
                // Told that it is released already, by an attempt whose answer was lost; or that it has run out.
                boolean released = answer.status() < 300
                        || answer.body().path("lockStatus").asText().equals("released");
                if (released) {
                    return new Span(from, System.nanoTime());
                } else if (answer.status() == 409 || answer.status() == 404) {
                    return null;
                } else if (answer.status() != UNAVAILABLE) {
                    history.surprise("release: " + answer);
                }
            } catch (IOException e) {
                // The next replica is asked.
            }
            Thread.sleep(50L + random.nextInt(100));
        }
        return null;
    }

    private String replica() {
        return replicas.get(random.nextInt(replicas.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
