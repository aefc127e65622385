import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import io.skein.contracts.Ids;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.AgentPayload;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.WireFormat;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plans of three steps that do nothing, durable at every transition, with 1, 16 and 64 in flight, alternating in one run with:
 *
 * <ul>
 *   <li>commits: a row inserted and committed in the same PostgreSQL, by as many clients
 *   <li>dbos: DBOS Java in this process, a workflow of three steps called directly, in a database of its own in the same PostgreSQL
 *   <li>kestra: Kestra in a process of its own ({@code KestraPeer.java}), a flow of three steps over its own queues in H2
 * </ul>
 *
 * Ours: planned through the orchestrator's API before the clock runs; then approved through it, one after the other by each client, until
 * PostgreSQL shows the plan completed. In between everything is the fleet's own: locks, orders and answers over the broker, events to the
 * audit service. Only the agent is this program, which answers each order at once: accepted, started, one task, completed. Each client
 * has a host of its own, so that nobody waits for a lock.
 *
 * <p>Commits and workflows are measured ten times as often as plans, because they are over so fast, and flows twice as often, because
 * they get faster for longer. Everything runs on one machine, this program and idle peers too. Environment: see {@code bench/plans}.
 */
public class Plans {

    private static final int[] IN_FLIGHT = {1, 16, 64};
    private static final int STEPS = 3;
    private static final String AGENT = "infra-agent-1";
    private static final BrokerIdentity.Agent SELF = new BrokerIdentity.Agent("default", AGENT);

    record Result(double perSecond, double medianMillis) {}

    /** What is compared. */
    interface Subject {

        Result measure(int clients, int times) throws Exception;

        /** How often for one plan. */
        int factor();
    }

    /** Does one thing, and returns when it is done. */
    interface Single extends Subject {

        void one(int client) throws Exception;

        @Override
        default Result measure(int clients, int times) throws Exception {
            return Plans.measure(this, clients, times);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Integer> options =
                new LinkedHashMap<>(Map.of("repeats", 5, "plans1", 40, "plans16", 160, "plans64", 256));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i].substring(2), Integer.parseInt(arguments[i + 1]));
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            System.exit(1);
        });
        load("before");
        int repeats = options.get("repeats");
        Orchestrator ours = new Orchestrator();
        long begun = System.nanoTime();
        int made = ours.plan(options, repeats + 1);
        System.out.printf(
                Locale.ROOT, "planned %d plans of %d steps, %.1f a second%n", made, STEPS, made / seconds(begun));
        try (ScriptedAgent agent = ScriptedAgent.inPlaceOfTheFleets();
                Commits commits = new Commits();
                Dbos dbos = new Dbos();
                Kestra kestra = new Kestra()) {
            Map<String, Subject> subjects = new LinkedHashMap<>();
            subjects.put("commits", commits);
            subjects.put("dbos", dbos);
            subjects.put("kestra", kestra);
            subjects.put("skein", ours);
            Map<String, List<Result>> results = new LinkedHashMap<>();
            for (int round = 0; round <= repeats; round++) {
                for (int inFlight : IN_FLIGHT) {
                    int plans = options.get("plans" + inFlight);
                    for (Map.Entry<String, Subject> subject : subjects.entrySet()) {
                        ours.settle();
                        Result result = subject.getValue().measure(inFlight, plans * subject.getValue().factor());
                        // The first round warms everything up.
                        if (round > 0) {
                            results.computeIfAbsent(subject.getKey() + " " + inFlight, key -> new ArrayList<>())
                                    .add(result);
                        }
                    }
                }
            }
            report(results, repeats);
            System.out.printf(Locale.ROOT, "orders answered: %d%n", agent.answered());
        }
        load("after");
        System.exit(0);
    }

    private static Result measure(Single subject, int clients, int times) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        double[] millis = new double[times];
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Void>> all = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            int mine = client;
            Callable<Void> work = () -> {
                go.await();
                for (int i = mine; i < times; i += clients) {
                    long from = System.nanoTime();
                    subject.one(mine);
                    millis[i] = (System.nanoTime() - from) / 1e6;
                }
                return null;
            };
            all.add(threads.submit(work));
        }
        long from = System.nanoTime();
        go.countDown();
        for (Future<Void> one : all) {
            one.get();
        }
        double rate = times / seconds(from);
        threads.shutdown();
        return new Result(rate, median(millis));
    }

    private static void report(Map<String, List<Result>> results, int repeats) {
        System.out.printf(Locale.ROOT, "%d repeats, alternating: median (least - most)%n", repeats);
        results.forEach((name, all) -> System.out.printf(
                Locale.ROOT,
                "%-12s %s a second   %s ms%n",
                name,
                spread(all.stream().mapToDouble(Result::perSecond).toArray()),
                spread(all.stream().mapToDouble(Result::medianMillis).toArray())));
        for (int inFlight : IN_FLIGHT) {
            System.out.printf(
                    Locale.ROOT,
                    "%d in flight: %.1f %% of dbos, %.0f %% of kestra, %.1f %% of commits%n",
                    inFlight,
                    100 * rate(results, "skein " + inFlight) / rate(results, "dbos " + inFlight),
                    100 * rate(results, "skein " + inFlight) / rate(results, "kestra " + inFlight),
                    100 * rate(results, "skein " + inFlight) / rate(results, "commits " + inFlight));
        }
    }

    private static double rate(Map<String, List<Result>> results, String name) {
        return median(results.get(name).stream().mapToDouble(Result::perSecond).toArray());
    }

    private static String spread(double[] values) {
        return String.format(
                Locale.ROOT,
                "%9.2f (%.2f - %.2f)",
                median(values),
                Arrays.stream(values).min().orElseThrow(),
                Arrays.stream(values).max().orElseThrow());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void load(String when) throws Exception {
        System.out.printf("load average %s: %s%n", when, Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static Connection postgres(String schemaOrNull) throws Exception {
        String url = System.getenv("SKEIN_BENCH_POSTGRES_URL");
        return DriverManager.getConnection(
                schemaOrNull == null ? url : url + "?currentSchema=" + schemaOrNull,
                System.getenv("SKEIN_BENCH_POSTGRES_USER"),
                System.getenv("SKEIN_BENCH_POSTGRES_PASSWORD"));
    }

    /** One committed row each, a connection per client. */
    static final class Commits implements Single, AutoCloseable {

        private final Map<Integer, PreparedStatement> inserts = new ConcurrentHashMap<>();
        private final Connection own = postgres("orchestrator");

        Commits() throws Exception {
            execute(own, "CREATE TABLE IF NOT EXISTS bench_commit (id uuid PRIMARY KEY, data text NOT NULL)");
        }

        @Override
        public int factor() {
            return 10;
        }

        @Override
        public void one(int client) throws Exception {
            PreparedStatement insert = inserts.get(client);
            if (insert == null) {
                insert = postgres("orchestrator").prepareStatement("INSERT INTO bench_commit VALUES (?, ?)");
                inserts.put(client, insert);
            }
            insert.setObject(1, UUID.randomUUID());
            insert.setString(2, "a row about as long as what a step of a plan writes when it goes on to its next state");
            insert.executeUpdate();
        }

        @Override
        public void close() throws Exception {
            for (PreparedStatement insert : inserts.values()) {
                insert.getConnection().close();
            }
            execute(own, "DROP TABLE bench_commit");
            own.close();
        }
    }

    private static void execute(Connection connection, String sql) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The orchestrator, as a person and its database see it. */
    static final class Orchestrator implements Single {

        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final Map<Integer, ArrayDeque<UUID>> planned = new ConcurrentHashMap<>();
        private final Map<UUID, CountDownLatch> open = new ConcurrentHashMap<>();

        Orchestrator() {
            Thread.ofPlatform().daemon().start(this::watch);
        }

        /** As many as will be needed, each client's on its own host. */
        int plan(Map<String, Integer> options, int rounds) throws Exception {
            List<Integer> hosts = new ArrayList<>();
            for (int inFlight : IN_FLIGHT) {
                for (int i = 0; i < options.get("plans" + inFlight); i++) {
                    hosts.add(i % inFlight);
                }
            }
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<UUID>> all = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                for (int host : hosts) {
                    all.add(threads.submit(() -> request(host)));
                }
            }
            for (int i = 0; i < all.size(); i++) {
                planned.computeIfAbsent(hosts.get(i % hosts.size()), key -> new ArrayDeque<>())
                        .add(all.get(i).get());
            }
            threads.shutdown();
            return all.size();
        }

        private UUID request(int host) throws Exception {
            String where = String.format(Locale.ROOT, " on bed%02d", host);
            JsonNode plan = post(
                    "/api/v1/requests",
                    Map.of(
                            "text", "Sow the barley" + where + ", then mill the flour" + where
                                    + ", then bake the bread" + where,
                            "allowDuplicate", true));
            if (plan.path("steps").size() != STEPS || !plan.path("status").asText().equals("awaiting_approval")) {
                throw new IllegalStateException("no plan of three steps: " + plan);
            }
            return UUID.fromString(plan.path("id").asText());
        }

        @Override
        public int factor() {
            return 1;
        }

        @Override
        public void one(int client) throws Exception {
            UUID plan = planned.get(client).remove();
            CountDownLatch done = new CountDownLatch(1);
            open.put(plan, done);
            post("/api/v1/plans/" + plan + "/approve", Map.of());
            done.await();
        }

        private JsonNode post(String path, Object body) throws Exception {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(System.getenv("SKEIN_ORCHESTRATOR") + path))
                            .header("Authorization", "Bearer " + Token.now())
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(WireFormat.write(body)))
                            .build(),
                    BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(path + " answered " + answer.statusCode() + " " + new String(answer.body()));
            }
            return WireFormat.mapper().readTree(answer.body());
        }

        /** One look for all clients, so that looking costs little. */
        private void watch() {
            try (Connection connection = postgres("orchestrator");
                    PreparedStatement done = connection.prepareStatement(
                            "SELECT id, status FROM plan WHERE id = ANY (?) AND finished_at IS NOT NULL")) {
                while (true) {
                    // Alone, the look is part of what is measured; of many it is not seen, and its cost would be.
                    Thread.sleep(open.size() > 1 ? 20 : 2);
                    if (open.isEmpty()) {
                        continue;
                    }
                    done.setArray(1, connection.createArrayOf("uuid", open.keySet().toArray()));
                    try (ResultSet row = done.executeQuery()) {
                        while (row.next()) {
                            if (!row.getString(2).equals("completed")) {
                                throw new IllegalStateException("a plan is " + row.getString(2));
                            }
                            open.remove(row.getObject(1, UUID.class)).countDown();
                        }
                    }
                }
            } catch (Exception e) {
                e.printStackTrace();
                System.exit(1);
            }
        }

        /** Until what was committed has been told, and locks were given back. */
        void settle() throws Exception {
            try (Connection connection = postgres("orchestrator");
                    PreparedStatement rest = connection.prepareStatement(
                            "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM plan WHERE lock_id IS NOT NULL)")) {
                while (true) {
                    try (ResultSet row = rest.executeQuery()) {
                        row.next();
                        if (row.getLong(1) == 0) {
                            return;
                        }
                    }
                    Thread.sleep(100);
                }
            }
        }
    }

    /** The first user's, as the script gets it; it is good for minutes only. */
    static final class Token {
        private static String token;
        private static long from;

        static synchronized String now() throws Exception {
            if (token == null || seconds(from) > 30) {
                Process asked = new ProcessBuilder(System.getenv("SKEIN_BENCH_TOKEN_COMMAND").split(" ")).start();
                token = new String(asked.getInputStream().readAllBytes()).strip();
                from = System.nanoTime();
            }
            return token;
        }
    }

    /** Three steps that do nothing, called directly. */
    public interface ThreeSteps {
        int run(int client);
    }

    /** As its documentation shows it. */
    public static final class ThreeStepsImpl implements ThreeSteps {
        private final DBOS dbos;

        ThreeStepsImpl(DBOS dbos) {
            this.dbos = dbos;
        }

        @Override
        @Workflow(name = "threeSteps")
        public int run(int client) {
            int sum = 0;
            for (int step = 1; step <= STEPS; step++) {
                int number = step;
                sum += dbos.runStep(() -> number, "step" + step);
            }
            return sum;
        }
    }

    static final class Dbos implements Single, AutoCloseable {
        private final DBOS dbos;
        private final ThreeSteps workflow;

        Dbos() throws Exception {
            dbos = new DBOS(DBOSConfig.defaults("bench")
                    .withDatabaseUrl(System.getenv("SKEIN_BENCH_DBOS_URL"))
                    .withDbUser(System.getenv("SKEIN_BENCH_DBOS_USER"))
                    .withDbPassword(System.getenv("SKEIN_BENCH_DBOS_PASSWORD")));
            workflow = dbos.registerProxy(ThreeSteps.class, new ThreeStepsImpl(dbos));
            dbos.launch();
        }

        @Override
        public int factor() {
            return 10;
        }

        @Override
        public void one(int client) {
            workflow.run(client);
        }

        @Override
        public void close() {
            dbos.shutdown();
        }
    }

    /** {@code KestraPeer.java} as it is asked and as it answers. */
    static final class Kestra implements Subject, AutoCloseable {

        private final Process process;
        private final BufferedReader answers;
        private final BufferedWriter commands;

        Kestra() throws Exception {
            process = new ProcessBuilder(System.getenv("SKEIN_BENCH_KESTRA_COMMAND").split(" "))
                    .redirectError(Path.of(System.getenv("SKEIN_BENCH_KESTRA_LOG")).toFile())
                    .start();
            answers = process.inputReader();
            commands = process.outputWriter();
            if (!"ready".equals(answers.readLine())) {
                throw new IllegalStateException("Kestra does not start; see " + System.getenv("SKEIN_BENCH_KESTRA_LOG"));
            }
        }

        @Override
        public int factor() {
            return 2;
        }

        @Override
        public Result measure(int clients, int times) throws Exception {
            commands.write(clients + " " + times + "\n");
            commands.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("Kestra ended; see " + System.getenv("SKEIN_BENCH_KESTRA_LOG"));
            }
            String[] figures = answer.split(" ");
            return new Result(Double.parseDouble(figures[0]), Double.parseDouble(figures[1]));
        }

        @Override
        public void close() throws Exception {
            commands.close();
            process.waitFor();
        }
    }

    /** Speaks protocol v1 over the broker, as the fleet's infra agent, which is killed meanwhile. */
    static final class ScriptedAgent implements AutoCloseable {

        private final com.rabbitmq.client.Connection connection;
        private final Channel out;
        private volatile long answered;

        private ScriptedAgent() throws Exception {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(System.getenv("SKEIN_BENCH_AGENT_URI"));
            connection = factory.newConnection("bench agent");
            out = connection.createChannel();
        }

        static ScriptedAgent inPlaceOfTheFleets() throws Exception {
            ProcessHandle fleets =
                    ProcessHandle.of(Long.parseLong(System.getenv("SKEIN_BENCH_AGENT_PID"))).orElseThrow();
            fleets.destroyForcibly();
            fleets.onExit().get();
            ScriptedAgent agent = new ScriptedAgent();
            Channel in = agent.connection.createChannel();
            in.basicQos(256);
            in.basicConsume(
                    Queue.INFRA_WORK.of(SELF.team()),
                    false,
                    (tag, delivery) -> {
                        agent.answer(AgentMessage.fromJson(delivery.getBody()));
                        in.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                    },
                    tag -> {});
            Thread.ofPlatform().daemon().start(agent::beat);
            return agent;
        }

        long answered() {
            return answered;
        }

        private void answer(AgentMessage order) throws java.io.IOException {
            WorkRequest work = (WorkRequest) order.payload();
            if (work.isPreview()) {
                return;
            }
            Instant now = Instant.now();
            String host = work.hosts().getFirst();
            WorkStatus.TaskResult task = new WorkStatus.TaskResult(
                    "nothing", "Nothing", "ansible.builtin.meta", host, WorkStatus.TaskOutcome.OK, false, 0, "", null);
            send("status", order, new WorkStatus(work.planId(), work.stepId(), 1, WorkStatus.Phase.ACCEPTED, now, null));
            send("status", order, new WorkStatus(work.planId(), work.stepId(), 2, WorkStatus.Phase.STARTED, now, null));
            send("status", order, new WorkStatus(work.planId(), work.stepId(), 3, WorkStatus.Phase.TASK, now, task));
            send(
                    "result",
                    order,
                    new WorkResult(
                            work.planId(),
                            work.stepId(),
                            WorkResult.Outcome.COMPLETED,
                            0,
                            null,
                            3,
                            Map.of(host, new WorkResult.HostRecap(1, 0, 0, 0, 0)),
                            List.of(),
                            List.of(),
                            new WorkResult.Usage(1, 1, 1),
                            now,
                            now));
            answered++;
        }

        private void send(String kind, AgentMessage order, AgentPayload payload) throws java.io.IOException {
            AgentMessage message =
                    AgentMessage.create(AGENT, "orchestrator", order.traceId(), order.requestId(), payload);
            publish("skein.work", kind + ".infra." + AGENT, message.messageId(), message.toJson());
        }

        private void beat() {
            try {
                while (true) {
                    AgentHeartbeat heartbeat = new AgentHeartbeat(
                            AGENT,
                            "infra",
                            "bench",
                            SELF.team(),
                            "1",
                            List.of(WorkRequest.ANSIBLE_PLAYBOOK),
                            256,
                            0,
                            Instant.now(),
                            5,
                            false);
                    publish("skein.heartbeats", "agent." + AGENT, Ids.next(), WireFormat.write(heartbeat));
                    Thread.sleep(5000);
                }
            } catch (java.io.IOException | InterruptedException | com.rabbitmq.client.AlreadyClosedException e) {
                // The program ends.
            }
        }

        private synchronized void publish(String exchange, String key, UUID id, byte[] body) throws java.io.IOException {
            out.basicPublish(
                    exchange,
                    key,
                    new AMQP.BasicProperties.Builder()
                            .messageId(id.toString())
                            .userId(SELF.userName())
                            .contentType("application/json")
                            .deliveryMode(2)
                            .build(),
                    body);
        }

        @Override
        public void close() throws Exception {
            connection.close();
        }
    }
}
