import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The event bus of a running fleet, alternating in one run with what it is made of:
 *
 * <ol>
 *   <li>{@code com.rabbitmq:perf-test} on the same broker: one quorum queue, publisher confirms, manual acks;
 *   <li>the same rows put into a table like the log by batched inserts, a commit per batch;
 *   <li>ours: published with confirms, until PostgreSQL shows each of them logged and routed.
 * </ol>
 *
 * A chain cannot be faster than 1 / (1 / perf-test + 1 / batch insert) where both ends share the machine's cores: the composite
 * limit. Then the latency of a critical event from publishing until PostgreSQL shows it routed, idle and under a flood of low,
 * and what is left for low while critical floods.
 *
 * <p>Everything runs on one machine, this program too, and in a fleet every other reader of the events works along (audit-service
 * reads all of them): it waits for the queues to be empty between the rounds.
 *
 * <p>Environment: SKEIN_BENCH_ADMIN_URI (an AMQP user that may make queues), SKEIN_BENCH_PUBLISHER_URI (runtime-service's),
 * SKEIN_BENCH_POSTGRES_URL, _USER, _PASSWORD (runtime-service's role).
 */
public class EventBus {

    private static final String[] PRIORITIES = {"critical", "high", "normal", "low"};
    private static final int CONFIRM_WINDOW = 1000;
    private static final int BATCH = 1000;
    private static final int PAYLOAD = 300;
    private static final long TIMEOUT_NANOS = 300_000_000_000L;
    private static final Pattern RATE = Pattern.compile("receiving rate avg: (\\d+) msg/s");
    private static final String TABLE = "bench_event_log";

    private final String adminUri = System.getenv("SKEIN_BENCH_ADMIN_URI");
    private final Connection rabbit;
    private final java.sql.Connection postgres;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String payload = "x".repeat(PAYLOAD);

    public static void main(String[] args) throws Exception {
        int repeats = 5;
        int events = 20_000;
        int seconds = 8;
        int singles = 300;
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--repeats" -> repeats = Integer.parseInt(args[i + 1]);
                case "--events" -> events = Integer.parseInt(args[i + 1]);
                case "--seconds" -> seconds = Integer.parseInt(args[i + 1]);
                case "--singles" -> singles = Integer.parseInt(args[i + 1]);
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        System.out.printf(Locale.ROOT, "load average before: %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
        EventBus bench = new EventBus();
        try {
            bench.throughput(repeats, events, seconds);
            bench.latency(repeats, singles);
            bench.leftForLow(repeats, events);
        } finally {
            bench.close();
        }
        System.out.printf(Locale.ROOT, "load average after: %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private EventBus() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(System.getenv("SKEIN_BENCH_PUBLISHER_URI"));
        rabbit = factory.newConnection("bench");
        String url = System.getenv("SKEIN_BENCH_POSTGRES_URL");
        postgres = DriverManager.getConnection(
                url + (url.contains("?") ? "&" : "?") + "reWriteBatchedInserts=true",
                System.getenv("SKEIN_BENCH_POSTGRES_USER"),
                System.getenv("SKEIN_BENCH_POSTGRES_PASSWORD"));
    }

    private void close() throws Exception {
        execute("DROP TABLE IF EXISTS " + TABLE);
        postgres.close();
        rabbit.close();
    }

    private void throughput(int repeats, int events, int seconds) throws Exception {
        perfTest(Math.max(1, seconds / 2));
        insert(events / 4);
        ours("warm", events / 2);
        double[] perf = new double[repeats];
        double[] insert = new double[repeats];
        double[] ours = new double[repeats];
        double[] limit = new double[repeats];
        double[] ratio = new double[repeats];
        double[] ofPerf = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            perf[i] = perfTest(seconds);
            insert[i] = insert(events * 2);
            ours[i] = ours("round" + i, events);
            limit[i] = 1 / (1 / perf[i] + 1 / insert[i]);
            ratio[i] = 100 * ours[i] / limit[i];
            ofPerf[i] = 100 * ours[i] / perf[i];
        }
        System.out.printf(
                Locale.ROOT,
                "%d x: %d events of about %d bytes, %d to confirm at most, priorities in turn%n",
                repeats,
                events,
                body(UUID.randomUUID(), "bench.size", "normal").length,
                CONFIRM_WINDOW);
        print("  perf-test, msg/s", perf);
        print("  batch insert, rows/s", insert);
        print("  composite limit, /s", limit);
        print("  ours, events/s", ours);
        print("  ours / limit, %", ratio);
        print("  ours / perf-test, %", ofPerf);
        System.out.printf(
                Locale.ROOT,
                "  median %.0f %% of the composite limit, goal at least 70 %%; %.0f %% of perf-test, goal at least 40 %%%n",
                percentile(ratio, 50),
                percentile(ofPerf, 50));
    }

    /** One quorum queue, one producer, one consumer, in a process of its own like anybody would run it. */
    private double perfTest(int seconds) throws Exception {
        String queue = "bench-" + run;
        int size = body(UUID.randomUUID(), "bench.size", "normal").length;
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getenv("SKEIN_BENCH_PERF_TEST"),
                "com.rabbitmq.perf.PerfTest",
                "--uri", adminUri,
                "--queue", queue,
                "--quorum-queue",
                "--flag", "persistent",
                "--size", Integer.toString(size),
                "--confirm", Integer.toString(CONFIRM_WINDOW),
                "--qos", "400",
                "--multi-ack-every", "200",
                "--time", Integer.toString(seconds));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(adminUri);
        try (Connection admin = factory.newConnection()) {
            admin.createChannel().queueDelete(queue);
        }
        Matcher matcher = RATE.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("perf-test says: " + output);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private double insert(int rows) throws Exception {
        execute("DROP TABLE IF EXISTS " + TABLE);
        execute("CREATE TABLE " + TABLE + " (LIKE event_log INCLUDING ALL)");
        postgres.setAutoCommit(false);
        long start = System.nanoTime();
        try (PreparedStatement statement = postgres.prepareStatement("INSERT INTO " + TABLE
                + " (id, source, type, subject, priority, team, actor, trace_id, time, received_at, data, routing, routed_to, routed_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?)")) {
            for (int i = 0; i < rows; i++) {
                Timestamp now = Timestamp.from(Instant.now());
                statement.setObject(1, version7());
                statement.setString(2, "/runtime-service");
                statement.setString(3, "bench.raw");
                statement.setString(4, "subject-1");
                statement.setString(5, PRIORITIES[i % 4]);
                statement.setString(6, "default");
                statement.setString(7, "service:runtime-service");
                statement.setString(8, "0af7651916cd43dd8448eb211c80319c");
                statement.setTimestamp(9, now);
                statement.setTimestamp(10, now);
                statement.setString(11, data());
                statement.setString(12, "unhandled");
                statement.setString(13, "[]");
                statement.setTimestamp(14, now);
                statement.addBatch();
                if ((i + 1) % BATCH == 0) {
                    statement.executeBatch();
                    postgres.commit();
                }
            }
            statement.executeBatch();
            postgres.commit();
        } finally {
            postgres.setAutoCommit(true);
        }
        return rows / seconds(start);
    }

    private double ours(String round, int events) throws Exception {
        settle();
        String type = "bench." + run + "." + round;
        Instant from = Instant.now().minusSeconds(1);
        long start = System.nanoTime();
        Publisher publisher = new Publisher();
        Thread publishing = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < events; i++) {
                publisher.publish(type, PRIORITIES[i % 4]);
            }
            publisher.confirmAll();
        });
        await(type, from, events);
        double rate = events / seconds(start);
        publishing.join();
        publisher.close();
        return rate;
    }

    private void latency(int repeats, int singles) throws Exception {
        double[] idle50 = new double[repeats];
        double[] idle99 = new double[repeats];
        double[] flood50 = new double[repeats];
        double[] flood99 = new double[repeats];
        double[] ratios = new double[repeats];
        double[] flooded = new double[repeats];
        singles("warm", singles / 2);
        for (int i = 0; i < repeats; i++) {
            settle();
            double[] idle = singles("idle" + i, singles);
            boolean[] over = new boolean[1];
            String low = "bench." + run + ".low" + i;
            Instant from = Instant.now().minusSeconds(1);
            Publisher publisher = new Publisher();
            Thread flood = Thread.ofPlatform().start(() -> {
                while (!over[0]) {
                    publisher.publish(low, "low");
                }
                publisher.confirmAll();
            });
            Thread.sleep(1000);
            long begun = System.nanoTime();
            long before = count(low, from, "true");
            double[] under = singles("under" + i, singles);
            flooded[i] = (count(low, from, "true") - before) / seconds(begun);
            over[0] = true;
            flood.join();
            publisher.close();
            idle50[i] = percentile(idle, 50);
            idle99[i] = percentile(idle, 99);
            flood50[i] = percentile(under, 50);
            flood99[i] = percentile(under, 99);
            ratios[i] = flood99[i] / idle99[i];
        }
        System.out.printf(
                Locale.ROOT,
                "%d x %d critical events, one after the other, from publishing until PostgreSQL shows them routed%n",
                repeats,
                singles);
        print("  idle p50, ms", idle50);
        print("  idle p99, ms", idle99);
        print("  flood of low p50, ms", flood50);
        print("  flood of low p99, ms", flood99);
        print("  flood / idle p99", ratios);
        print("  low meanwhile, /s", flooded);
        System.out.printf(Locale.ROOT, "  median %.1f times idle, goal at most 3%n", percentile(ratios, 50));
    }

    /** Milliseconds of each. */
    private double[] singles(String round, int count) throws Exception {
        String type = "bench." + run + "." + round;
        Instant from = Instant.now().minusSeconds(1);
        Publisher publisher = new Publisher();
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            publisher.publish(type, "critical");
            await(type, from, i + 1);
            millis[i] = (System.nanoTime() - start) / 1e6;
            Thread.sleep(5);
        }
        publisher.close();
        return millis;
    }

    /** As much low as critical waits; what share of what was logged was low when half of the critical is through. */
    private void leftForLow(int repeats, int events) throws Exception {
        double[] shares = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            settle();
            String critical = "bench." + run + ".flood" + i;
            String low = "bench." + run + ".patient" + i;
            Instant from = Instant.now().minusSeconds(1);
            Publisher publisher = new Publisher();
            Thread publishing = Thread.ofPlatform().start(() -> {
                for (int n = 0; n < events; n++) {
                    publisher.publish(n % 2 == 0 ? critical : low, n % 2 == 0 ? "critical" : "low");
                }
                publisher.confirmAll();
            });
            await(critical, from, events / 4);
            double share = count(low, from, "true");
            share = 100 * share / (share + count(critical, from, "true"));
            shares[i] = share;
            publishing.join();
            publisher.close();
        }
        System.out.println("critical and low published in turn at full speed: low's share of what is logged");
        print("  %", shares);
    }

    private void await(String type, Instant from, int events) throws Exception {
        long end = System.nanoTime() + TIMEOUT_NANOS;
        while (count(type, from, "routing <> 'pending'") < events) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("of " + events + " " + type + " only "
                        + count(type, from, "routing <> 'pending'") + " were routed");
            }
            if (events > 1000) {
                Thread.sleep(50);
            }
        }
    }

    private long count(String type, Instant from, String condition) throws SQLException {
        try (PreparedStatement statement = postgres.prepareStatement(
                "SELECT count(*) FROM event_log WHERE team = 'default' AND type = ? AND received_at >= ? AND " + condition)) {
            statement.setString(1, type);
            statement.setTimestamp(2, Timestamp.from(from));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Until what the other readers still have to do is done. */
    private void settle() throws Exception {
        for (String queue : List.of("critical", "high", "normal", "low")) {
            empty("skein.runtime.events." + queue);
        }
        if (System.getenv("SKEIN_BENCH_ALONE") == null) {
            empty("skein.audit.events");
        }
        Thread.sleep(300);
    }

    private void empty(String queue) throws Exception {
        long end = System.nanoTime() + TIMEOUT_NANOS;
        try (Channel channel = rabbit.createChannel()) {
            while (channel.queueDeclarePassive(queue).getMessageCount() > 0) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(queue + " does not become empty");
                }
                Thread.sleep(200);
            }
        }
    }

    /** A client with a bounded number of unconfirmed events, on a connection of its own: the broker slows down connections. */
    private final class Publisher {

        private final Semaphore window = new Semaphore(CONFIRM_WINDOW);
        private final Connection connection;
        private final Channel channel;
        private final String user;
        private final ConcurrentSkipListSet<Long> unconfirmed = new ConcurrentSkipListSet<>();

        private Publisher() throws Exception {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(System.getenv("SKEIN_BENCH_PUBLISHER_URI"));
            connection = factory.newConnection("bench publisher");
            channel = connection.createChannel();
            channel.confirmSelect();
            channel.addConfirmListener(this::confirm, (tag, multiple) -> {
                throw new IllegalStateException("the broker refused an event");
            });
            user = factory.getUsername();
        }

        /** Of several queues behind one exchange the confirms come in any order. */
        private void confirm(long tag, boolean multiple) {
            if (multiple) {
                var settled = unconfirmed.headSet(tag, true);
                for (Long one = settled.pollFirst(); one != null; one = settled.pollFirst()) {
                    window.release();
                }
            } else if (unconfirmed.remove(tag)) {
                window.release();
            }
        }

        private void publish(String type, String priority) {
            try {
                window.acquire();
                UUID id = version7();
                unconfirmed.add(channel.getNextPublishSeqNo());
                channel.basicPublish(
                        "skein.events",
                        priority + "." + type,
                        new AMQP.BasicProperties.Builder()
                                .messageId(id.toString())
                                .userId(user)
                                .contentType("application/cloudevents+json")
                                .deliveryMode(2)
                                .build(),
                        body(id, type, priority));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private void confirmAll() {
            window.acquireUninterruptibly(CONFIRM_WINDOW);
            window.release(CONFIRM_WINDOW);
        }

        private void close() throws Exception {
            connection.close();
        }
    }

    private byte[] body(UUID id, String type, String priority) {
        return ("{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"/runtime-service\",\"type\":\"" + type
                        + "\",\"subject\":\"subject-1\",\"time\":\"" + Instant.now() + "\",\"priority\":\"" + priority
                        + "\",\"team\":\"default\",\"actor\":\"service:runtime-service\","
                        + "\"traceid\":\"0af7651916cd43dd8448eb211c80319c\",\"datacontenttype\":\"application/json\",\"data\":"
                        + data() + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private String data() {
        return "{\"text\":\"" + payload + "\"}";
    }

    /** As the services make ids: ordered in time. */
    private static UUID version7() {
        UUID random = UUID.randomUUID();
        long high = System.currentTimeMillis() << 16 | 0x7000L | random.getMostSignificantBits() & 0xFFFL;
        return new UUID(high, random.getLeastSignificantBits());
    }

    private void execute(String sql) throws SQLException {
        try (var statement = postgres.createStatement()) {
            statement.execute(sql);
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void print(String name, double[] values) {
        System.out.printf(
                Locale.ROOT,
                "%-24s median %9.2f   min %9.2f   max %9.2f%n",
                name,
                percentile(values, 50),
                percentile(values, 0),
                percentile(values, 100));
    }

    /** Nearest-rank percentile. */
    private static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(0, Math.min(sorted.length - 1, rank - 1))];
    }
}
