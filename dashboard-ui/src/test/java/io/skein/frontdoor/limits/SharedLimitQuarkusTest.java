package io.skein.frontdoor.limits;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.StandIns;
import io.skein.frontdoor.limits.RateLimiter.Admission;
import io.skein.frontdoor.limits.RateLimiter.Asker;
import io.skein.test.SkeinInfrastructure;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two limiters on one real Redis, as two front doors are, each with its own connection, event loops and memory. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class SharedLimitQuarkusTest {

    private static final String ROUTE = "/api/v1/requests";

    @Inject
    LimitEvents events;

    private final CuttableRedis way = new CuttableRedis();
    private final AtomicLong millis =
            new AtomicLong(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
    private final Supplier<String> movable = () -> Long.toString(millis.get());
    private final Asker.Person ada = person();
    private final List<RateLimiter> doors = new ArrayList<>();
    private final List<Vertx> loops = new ArrayList<>();

    @BeforeEach
    void open() {
        way.start();
    }

    @AfterEach
    void close() {
        doors.forEach(door -> door.stop(null));
        loops.forEach(Vertx::close);
        way.close();
    }

    @Test
    void twoFrontDoorsTogetherLetExactlyTheLimitPass() throws Exception {
        List<RateLimiter> two = List.of(door(Map.of(), movable), door(Map.of(), movable));
        assertEquals(100, passedOf(600, (door, n) -> passes(two.get(door), ada)));
    }

    @Test
    void allPeopleTogetherHaveALimitToo() throws Exception {
        Map<String, String> small = Map.of("spending-total", "50", "per-user", "100000");
        List<RateLimiter> two = List.of(door(small, movable), door(small, movable));
        List<Asker.Person> people = List.of(person(), person(), person(), person());
        assertEquals(50, passedOf(400, (door, n) -> passes(two.get(door), people.get(n % 4))));
        // What everybody's limit refused used up nothing of the person's own.
        millis.addAndGet(Duration.ofHours(1).toMillis() - 1);
        assertFalse(passes(two.get(0), people.get(0)));
        millis.addAndGet(1);
        assertEquals(50, passedOf(400, (door, n) -> passes(two.get(door), people.get(0))));
    }

    @Test
    void countedPerProcessTheSameCheckFails() throws Exception {
        // The planted bug: each front door has a count of its own.
        Clock clock = Clock.fixed(Instant.ofEpochMilli(millis.get()), java.time.ZoneOffset.UTC);
        List<LocalQuotas> two = List.of(new LocalQuotas(clock), new LocalQuotas(clock));
        Quota quota = new Quota(Quota.Kind.SPENDING_PER_USER, ada.id(), 100, Duration.ofHours(1));
        assertEquals(200, passedOf(600, (door, n) -> two.get(door).take(quota).passed()));
    }

    @Test
    void lookingAndCountingInTwoStepsTheSameCheckFails() throws Exception {
        // The planted bug: another front door looks between this one's look and its count.
        int passed = passedOf(600, (door, n) -> {
            String key = "two-steps:" + ada.id();
            int used = Integer.parseInt(CuttableRedis.command("LLEN", key).substring(1));
            return used < 100 && CuttableRedis.command("RPUSH", key, "x").startsWith(":");
        });
        assertTrue(passed > 100, "the check would not notice a race: " + passed);
    }

    @Test
    void roomComesBackWhenTheWindowHasSlidPastARequest() throws Exception {
        RateLimiter door = door(Map.of("spending-per-user", "2"), movable);
        assertTrue(passes(door, ada));
        millis.addAndGet(Duration.ofMinutes(20).toMillis());
        Verdict second = verdict(door, ada);
        assertTrue(second.passed());
        assertEquals(0, second.remaining());
        assertEquals(Duration.ofMinutes(40).toSeconds(), second.resetSeconds());
        Verdict refused = verdict(door, ada);
        assertFalse(refused.passed());
        assertTrue(refused.first());
        assertEquals(2400, refused.resetSeconds());
        assertFalse(verdict(door, ada).first(), "told once in a window");
        millis.addAndGet(Duration.ofMinutes(40).toMillis() - 1);
        assertFalse(passes(door, ada));
        millis.addAndGet(1);
        assertTrue(passes(door, ada));
        assertFalse(passes(door, ada), "only one had left the window");
        millis.addAndGet(Duration.ofMinutes(20).toMillis());
        assertTrue(passes(door, ada));
    }

    @Test
    void noStretchOfAnHourHasMoreThanTheLimit() throws Exception {
        // Half of it just before a full hour, all that is let through just after: a fixed window or a bucket gives
        // more.
        RateLimiter door = door(Map.of("spending-per-user", "10"), movable);
        List<Long> passed = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (passes(door, ada)) {
                passed.add(millis.get());
            }
            millis.addAndGet(Duration.ofMinutes(i % 3 == 0 ? 1 : 0).toMillis() + 17_000);
        }
        assertTrue(passed.size() >= 20, "it was not used up: " + passed.size());
        for (int i = 0; i + 10 < passed.size(); i++) {
            assertTrue(passed.get(i + 10) - passed.get(i) >= 3_600_000, "eleven within an hour from " + i);
        }
    }

    @Test
    void redisOwnClockIsWhatCountsInEarnest() throws Exception {
        RateLimiter door = door(Map.of("spending-per-user", "1"), RedisQuotas.REDIS_TIME);
        assertTrue(passes(door, ada));
        Verdict refused = verdict(door, ada);
        assertFalse(refused.passed());
        assertTrue(refused.resetSeconds() > 3590 && refused.resetSeconds() <= 3600, "" + refused);
    }

    @Test
    void whenRedisForgetsItsScriptsNobodyNotices() throws Exception {
        RateLimiter door = door(Map.of("spending-per-user", "2"), movable);
        assertTrue(passes(door, ada));
        CuttableRedis.command("SCRIPT", "FLUSH");
        assertTrue(passes(door, ada));
        assertFalse(passes(door, ada));
    }

    @Test
    void awayIsNoticedOnceAndCostsNothingAfterwards() throws Exception {
        RateLimiter door = door(Map.of("redis-timeout", "300ms"), movable);
        assertTrue(passes(door, ada));
        CuttableRedis.silence();
        assertInstanceOf(Admission.Uncounted.class, ask(door, "POST", ada), "it is closed for what spends");
        // Known to be away: answered before the call returns, so without asking anybody.
        for (int i = 0; i < 50; i++) {
            assertTrue(door.admit(ada, "POST", ROUTE).isComplete());
            assertTrue(door.admit(ada, "GET", "/api/v1/plans").isComplete());
        }
        assertInstanceOf(Admission.Passed.class, ask(door, "GET", ada));
        CuttableRedis.mend();
        await().atMost(10, SECONDS).until(() -> ask(door, "POST", ada) instanceof Admission.Passed);
        assertEquals(97, verdict(door, ada).remaining(), "and it had forgotten nothing");
    }

    @Test
    void aLimitOfNothingIsAMistakeToHearOfAtTheStart() {
        for (Map<String, String> wrong : List.of(
                Map.of("spending-per-user", "0"),
                Map.of("spending-total", "-1"),
                Map.of("window", "0s"),
                Map.of("spending-routes", "POST api/v1/requests"))) {
            RuntimeException refused =
                    org.junit.jupiter.api.Assertions.assertThrows(RuntimeException.class, () -> door(wrong, movable));
            assertFalse(String.valueOf(refused.getMessage()).isBlank());
        }
    }

    /** The tries shared among threads of two doors that begin together. */
    private static int passedOf(int tries, BiFunction<Integer, Integer, Boolean> attempt) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<java.util.concurrent.Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < tries; i++) {
                int n = i;
                results.add(threads.submit(() -> {
                    start.await();
                    return attempt.apply(n % 2, n);
                }));
            }
            start.countDown();
            int passed = 0;
            for (java.util.concurrent.Future<Boolean> result : results) {
                passed += result.get() ? 1 : 0;
            }
            return passed;
        }
    }

    private RateLimiter door(Map<String, String> settings, Supplier<String> now) {
        Map<String, String> all = new HashMap<>(Map.of("spending-routes", "POST /api/v1/requests", "per-user", "5000"));
        all.putAll(settings);
        Map<String, String> prefixed = new HashMap<>();
        all.forEach((key, value) -> prefixed.put("skein.frontdoor.limit." + key, value));
        LimitConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(LimitConfig.class)
                .withSources(new PropertiesConfigSource(prefixed, "test", 100))
                .build()
                .getConfigMapping(LimitConfig.class);
        RateLimiter.Connections connections = new RateLimiter.Connections();
        connections.customize("default", new RedisOptions().setConnectionString(way.url()));
        Vertx vertx = Vertx.vertx();
        loops.add(vertx);
        RateLimiter door = new RateLimiter(config, events, vertx, Clock.systemUTC(), connections, now);
        door.start(new StartupEvent());
        doors.add(door);
        return door;
    }

    private static Asker.Person person() {
        String id = UUID.randomUUID().toString();
        return new Asker.Person(id, "p-" + id.substring(0, 8), "default");
    }

    private static boolean passes(RateLimiter door, Asker asker) {
        return ask(door, "POST", asker) instanceof Admission.Passed;
    }

    private static Verdict verdict(RateLimiter door, Asker asker) {
        return switch (ask(door, "POST", asker)) {
            case Admission.Passed passed -> passed.verdict();
            case Admission.Refused refused -> refused.verdict();
            case Admission.Uncounted uncounted -> throw new AssertionError("Redis is away");
        };
    }

    private static Admission ask(RateLimiter door, String method, Asker asker) {
        Future<Admission> answer = door.admit(asker, method, ROUTE);
        return answer.toCompletionStage().toCompletableFuture().join();
    }
}
