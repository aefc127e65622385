import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/**
 * Locks of the fleet against a floor and two peers, alternating in one run on one machine.
 *
 * <ul>
 *   <li>floor: what any fenced, durable lock with a fast path must do at least: one Lua script (SET NX PX) and one committed
 *       {@code UPDATE ... RETURNING} to take it, one Lua script to give it back; no queue, no events, no HTTP
 *   <li>bare: the same, and nothing is given back: one Lua script and one {@code UPDATE ... RETURNING} for the pair. Not a lock, but less
 *       cannot be done with these two
 *   <li>skein: POST and DELETE on the lock service itself
 *   <li>etcd: its lock, through jetcd, one lease per client
 *   <li>redisson: its fair lock; neither fenced nor durable
 * </ul>
 *
 * Reported: pairs of acquire and release a second and their p50 and p99, for 1, 8 and 64 clients, each with a resource of its own, and
 * for 8 and 64 clients with 8 clients to a resource; and the time from asking to release until the next in line has it.
 */
public class Locks {

    private static final int TTL_SECONDS = 60;
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

    /** What is compared; one per subject, shared by all clients. */
    interface Subject extends AutoCloseable {

        /** What one client uses; only its own thread does. */
        Session session() throws Exception;
    }

    interface Session extends AutoCloseable {

        /** Waits for its turn as long as it takes. */
        Object acquire(String resource) throws Exception;

        void release(String resource, Object held) throws Exception;
    }

    record Setting(String name, int clients, int perResource) {}

    record Result(double perSecond, double p50, double p99) {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Integer> options = new LinkedHashMap<>(Map.of("repeats", 5, "seconds", 3, "handovers", 200, "warm", 60));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.replace(arguments[i].substring(2), Integer.parseInt(arguments[i + 1]));
        }
        List<Setting> settings = List.of(
                new Setting("1 client", 1, 1),
                new Setting("8 clients", 8, 1),
                new Setting("64 clients", 64, 1),
                new Setting("8 clients, 8 to a resource", 8, 8),
                new Setting("64 clients, 8 to a resource", 64, 8));
        Map<String, Subject> subjects = new LinkedHashMap<>();
        subjects.put("floor", new Floor(true));
        subjects.put("bare", new Floor(false));
        subjects.put("skein", new Skein());
        subjects.put("etcd", new Etcd());
        subjects.put("redisson", new Fair());
        Map<String, List<Result>> results = new LinkedHashMap<>();
        Map<String, List<double[]>> handovers = new LinkedHashMap<>();
        for (Subject subject : subjects.values()) {
            // Everybody's code is warm before anybody is measured; the fleet's is compiled while it runs, in several processes.
            measure(subject, settings.get(1), subject instanceof Skein ? options.get("warm") : options.get("seconds"));
        }
        for (int repeat = 0; repeat < options.get("repeats"); repeat++) {
            for (Setting setting : settings) {
                for (Map.Entry<String, Subject> subject : subjects.entrySet()) {
                    if (setting.perResource() > 1 && subject.getValue() instanceof Floor) {
                        continue; // It has no queue; its limit when contended is that of one client.
                    }
                    results.computeIfAbsent(setting.name() + "|" + subject.getKey(), k -> new ArrayList<>())
                            .add(measure(subject.getValue(), setting, options.get("seconds")));
                }
            }
            for (Map.Entry<String, Subject> subject : subjects.entrySet()) {
                if (!(subject.getValue() instanceof Floor)) {
                    int times = subject.getKey().equals("etcd") ? options.get("handovers") / 4 : options.get("handovers");
                    handovers
                            .computeIfAbsent(subject.getKey(), k -> new ArrayList<>())
                            .add(handOver(subject.getValue(), times));
                }
            }
            System.err.println("repeat " + (repeat + 1) + " done");
        }
        report(settings, subjects.keySet(), results, handovers);
        for (Subject subject : subjects.values()) {
            subject.close();
        }
        System.exit(0);
    }

    private static Result measure(Subject subject, Setting setting, int seconds) throws Exception {
        List<Future<List<Long>>> clients = new ArrayList<>();
        AtomicBoolean goOn = new AtomicBoolean(true);
        CountDownLatch ready = new CountDownLatch(setting.clients());
        CountDownLatch go = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(setting.clients())) {
            for (int i = 0; i < setting.clients(); i++) {
                String resource = "bench-" + RUN + "-" + setting.clients() + "-" + i / setting.perResource();
                clients.add(threads.submit(() -> {
                    List<Long> nanos = new ArrayList<>();
                    try (Session session = subject.session()) {
                        ready.countDown();
                        go.await();
                        while (goOn.get()) {
                            long from = System.nanoTime();
                            session.release(resource, session.acquire(resource));
                            nanos.add(System.nanoTime() - from);
                        }
                    }
                    return nanos;
                }));
            }
            ready.await();
            long from = System.nanoTime();
            go.countDown();
            Thread.sleep(seconds * 1000L);
            goOn.set(false);
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> client : clients) {
                all.addAll(client.get(2, TimeUnit.MINUTES));
            }
            double took = (System.nanoTime() - from) / 1e9;
            double[] millis = all.stream().mapToDouble(n -> n / 1e6).sorted().toArray();
            return new Result(all.size() / took, at(millis, 0.5), at(millis, 0.99));
        }
    }

    /** Milliseconds from asking to release until the one who waits has it. */
    private static double[] handOver(Subject subject, int times) throws Exception {
        String resource = "bench-" + RUN + "-handover";
        double[] millis = new double[times];
        BlockingQueue<Long> got = new ArrayBlockingQueue<>(1);
        BlockingQueue<Boolean> turn = new ArrayBlockingQueue<>(1);
        try (var threads = Executors.newFixedThreadPool(1);
                Session holder = subject.session()) {
            Future<?> waiter = threads.submit(() -> {
                try (Session session = subject.session()) {
                    while (turn.take()) {
                        Object held = session.acquire(resource);
                        got.put(System.nanoTime());
                        session.release(resource, held);
                        got.put(0L);
                    }
                }
                return null;
            });
            for (int i = 0; i < times; i++) {
                Object held = holder.acquire(resource);
                turn.put(true);
                Thread.sleep(20); // By now it stands in line.
                long from = System.nanoTime();
                holder.release(resource, held);
                millis[i] = (got.take() - from) / 1e6;
                got.take();
            }
            turn.put(false);
            waiter.get(1, TimeUnit.MINUTES);
        }
        Arrays.sort(millis);
        return new double[] {at(millis, 0.5), at(millis, 0.99)};
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
    }

    private static void report(
            List<Setting> settings,
            Iterable<String> subjects,
            Map<String, List<Result>> results,
            Map<String, List<double[]>> handovers) {
        System.out.println("pairs of acquire and release; median (least..most) of the repeats");
        for (Setting setting : settings) {
            System.out.println(setting.name());
            for (String subject : subjects) {
                List<Result> of = results.get(setting.name() + "|" + subject);
                if (of != null) {
                    System.out.printf(
                            "  %-9s %-24s p50 %-22s p99 %s%n",
                            subject,
                            spread(of.stream().mapToDouble(Result::perSecond), "%.0f", "/s"),
                            spread(of.stream().mapToDouble(Result::p50), "%.2f", " ms"),
                            spread(of.stream().mapToDouble(Result::p99), "%.2f", " ms"));
                }
            }
            for (String peer : setting.perResource() > 1 ? List.of("etcd", "redisson") : List.of("floor", "bare", "etcd", "redisson")) {
                List<Result> skein = results.get(setting.name() + "|skein");
                List<Result> other = results.get(setting.name() + "|" + peer);
                double[] ratios = new double[skein.size()];
                for (int i = 0; i < ratios.length; i++) {
                    ratios[i] = skein.get(i).perSecond() / other.get(i).perSecond();
                }
                System.out.printf("  skein / %-9s %s%n", peer, spread(Arrays.stream(ratios), "%.2f", ""));
            }
        }
        System.out.println("from asking to release until the next has it");
        handovers.forEach((subject, of) -> System.out.printf(
                "  %-9s p50 %-22s p99 %s%n",
                subject,
                spread(of.stream().mapToDouble(m -> m[0]), "%.2f", " ms"),
                spread(of.stream().mapToDouble(m -> m[1]), "%.2f", " ms")));
    }

    private static String spread(java.util.stream.DoubleStream values, String format, String unit) {
        double[] sorted = values.sorted().toArray();
        return String.format(format + unit + " (" + format + ".." + format + ")",
                sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static RedissonClient redis() {
        Config config = new Config();
        config.useSingleServer()
                .setAddress(System.getenv("SKEIN_BENCH_REDIS"))
                .setPassword(System.getenv("SKEIN_BENCH_REDIS_PASSWORD"))
                .setConnectionPoolSize(80)
                .setConnectionMinimumIdleSize(8)
                .setSubscriptionConnectionPoolSize(80)
                .setSubscriptionsPerConnection(50);
        return Redisson.create(config);
    }

    static final class Floor implements Subject {

        private static final String TAKE = "return redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])";
        private static final String SET = "return redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])";
        private static final String GIVE =
                "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

        private final RedissonClient redis = redis();
        private final boolean givesBack;

        Floor(boolean givesBack) throws Exception {
            this.givesBack = givesBack;
            try (Connection connection = connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE IF NOT EXISTS bench_floor (name text PRIMARY KEY, token bigint NOT NULL, owner text)");
            }
        }

        private static Connection connection() throws Exception {
            return DriverManager.getConnection(
                    System.getenv("SKEIN_BENCH_POSTGRES_URL"),
                    System.getenv("SKEIN_BENCH_POSTGRES_USER"),
                    System.getenv("SKEIN_BENCH_POSTGRES_PASSWORD"));
        }

        @Override
        public Session session() throws Exception {
            Connection connection = connection();
            PreparedStatement update =
                    connection.prepareStatement("UPDATE bench_floor SET token = token + 1, owner = ? WHERE name = ? RETURNING token");
            PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO bench_floor VALUES (?, 0) ON CONFLICT DO NOTHING");
            RScript script = redis.getScript(StringCodec.INSTANCE);
            String take = script.scriptLoad(givesBack ? TAKE : SET);
            String give = script.scriptLoad(GIVE);
            String me = UUID.randomUUID().toString();
            return new Session() {
                private boolean known;

                /** What is never given back must not be in the way of the other. */
                private String key(String resource) {
                    return givesBack ? resource : "bare-" + resource;
                }

                @Override
                public Object acquire(String resource) throws Exception {
                    if (!known) {
                        insert.setString(1, resource);
                        insert.execute();
                        known = true;
                    }
                    Object taken = script.evalSha(RScript.Mode.READ_WRITE, take, RScript.ReturnType.STATUS,
                            List.of(key(resource)), me, String.valueOf(TTL_SECONDS * 1000));
                    if (taken == null) {
                        throw new IllegalStateException(resource + " is held; the floor is for one client to a resource");
                    }
                    update.setString(1, me);
                    update.setString(2, resource);
                    try (ResultSet row = update.executeQuery()) {
                        row.next();
                        return row.getLong(1);
                    }
                }

                @Override
                public void release(String resource, Object held) {
                    if (!givesBack) {
                        return;
                    }
                    script.evalSha(RScript.Mode.READ_WRITE, give, RScript.ReturnType.INTEGER, List.of(key(resource)), me);
                }

                @Override
                public void close() throws Exception {
                    connection.close();
                }
            };
        }

        @Override
        public void close() throws Exception {
            try (Connection connection = connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE IF EXISTS bench_floor");
            }
            redis.shutdown();
        }
    }

    static final class Skein implements Subject {

        private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");
        private final String url = System.getenv("SKEIN_LOCKS");
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        @Override
        public Session session() {
            return new Session() {
                @Override
                public Object acquire(String resource) throws Exception {
                    String body = "{\"resourceId\":\"%s\",\"ttlSeconds\":%d,\"waitSeconds\":60}"
                            .formatted(resource, TTL_SECONDS);
                    HttpResponse<String> answer = send(request("/api/v1/locks")
                            .POST(BodyPublishers.ofString(body)));
                    Matcher id = ID.matcher(answer.body());
                    if (answer.statusCode() != 201 || !id.find()) {
                        throw new IOException("acquire answered " + answer.statusCode() + " " + answer.body());
                    }
                    return id.group(1);
                }

                @Override
                public void release(String resource, Object held) throws Exception {
                    HttpResponse<String> answer =
                            send(request("/api/v1/locks/" + held).DELETE());
                    if (answer.statusCode() >= 300) {
                        throw new IOException("release answered " + answer.statusCode() + " " + answer.body());
                    }
                }

                @Override
                public void close() {}
            };
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(Duration.ofSeconds(70))
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + System.getenv("SKEIN_TOKEN"));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
            return http.send(request.build(), BodyHandlers.ofString());
        }

        @Override
        public void close() {}
    }

    static final class Etcd implements Subject {

        private final Client client =
                // etcd hangs up on a client that pings while it asks nothing, and what asks just then waits for minutes.
                Client.builder().endpoints(System.getenv("SKEIN_BENCH_ETCD")).keepaliveWithoutCalls(false).build();

        @Override
        public Session session() throws Exception {
            long lease = client.getLeaseClient().grant(TTL_SECONDS).get(10, TimeUnit.SECONDS).getID();
            return new Session() {
                @Override
                public Object acquire(String resource) throws Exception {
                    ByteSequence name = ByteSequence.from(resource, StandardCharsets.UTF_8);
                    return client.getLockClient().lock(name, lease).get(2, TimeUnit.MINUTES).getKey();
                }

                @Override
                public void release(String resource, Object held) throws Exception {
                    client.getLockClient().unlock((ByteSequence) held).get(10, TimeUnit.SECONDS);
                }

                @Override
                public void close() throws Exception {
                    client.getLeaseClient().revoke(lease).get(10, TimeUnit.SECONDS);
                }
            };
        }

        @Override
        public void close() {
            client.close();
        }
    }

    static final class Fair implements Subject {

        private final RedissonClient redis = redis();

        @Override
        public Session session() {
            return new Session() {
                @Override
                public Object acquire(String resource) {
                    RLock lock = redis.getFairLock("fair-" + resource);
                    lock.lock(TTL_SECONDS, TimeUnit.SECONDS);
                    return lock;
                }

                @Override
                public void release(String resource, Object held) {
                    ((RLock) held).unlock();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {
            redis.shutdown();
        }
    }
}
