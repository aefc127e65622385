import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the orchestrator's gateway adds to asking a language model, against a model that answers at once, alternating in one run:
 *
 * <ul>
 *   <li>bare: the very body that the gateway sends, sent straight to the model
 *   <li>floor: the same between two committed transactions on the fleet's PostgreSQL, a row before and the same row and one more after:
 *       who reserves first and settles after cannot have it for less
 *   <li>idle: a read of the same service with the same token that touches no database, which is what the way there costs
 *   <li>kept: a question in a conversation that has no plan; it is kept as any other, and no model is asked
 *   <li>question: a question about a plan, the only way in from outside that asks whenever it is called
 * </ul>
 *
 * The gateway itself is timed by the service ({@code skein_orchestrator_llm_questions_seconds}), in buckets; what is read off them is
 * interpolated. Everything is asked of the orchestrator itself, one request at a time on each connection.
 */
public class LlmGateway {

    private static final Pattern BUCKET = Pattern.compile(
            "skein_orchestrator_llm_questions_seconds_bucket\\{[^}]*le=\"([^\"]+)\"[^}]*} ([0-9.E+]+)");
    private static final Pattern SUM =
            Pattern.compile("skein_orchestrator_llm_(questions|calls)_seconds_(sum|count)\\{[^}]*} ([0-9.E+-]+)");
    private static final int MOST_CLIENTS = 8;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI door = URI.create(System.getenv("SKEIN_URL"));
    private final URI service = URI.create(System.getenv("SKEIN_DIRECT"));
    private final Model model;
    private final int pauseMillis;
    private final List<String> asking = new ArrayList<>();
    private final List<String> keeping = new ArrayList<>();
    private String token;

    private LlmGateway(Model model, int pauseMillis) {
        this.model = model;
        this.pauseMillis = pauseMillis;
    }

    /** What one client does again and again. */
    interface Client extends AutoCloseable {
        void once() throws Exception;

        @Override
        default void close() throws Exception {}
    }

    interface Clients {
        Client number(int client) throws Exception;
    }

    record Result(double p50, double p99, double perSecond) {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Integer> options = new LinkedHashMap<>(Map.of("repeats", 5, "seconds", 6, "warm", 40, "delay", 0, "pause", 0, "clients", 0));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.replace(arguments[i].substring(2), Integer.parseInt(arguments[i + 1]));
        }
        try (Model model = new Model(Integer.parseInt(System.getenv("SKEIN_BENCH_MODEL_PORT")), options.get("delay"))) {
            new LlmGateway(model, options.get("pause")).run(options.get("repeats"), options.get("seconds"), options.get("warm"), options.get("clients"));
        }
        System.exit(0);
    }

    /** @param only so many clients, or 0 for one and eight */
    private void run(int repeats, int seconds, int warm, int only) throws Exception {
        signIn();
        prepare();
        Map<String, Clients> subjects = new LinkedHashMap<>();
        subjects.put("bare", client -> new Plain(model.address(), model.lastRequest()));
        subjects.put("floor", client -> new Floor(new Plain(model.address(), model.lastRequest())));
        subjects.put("idle", client -> new Plain(service, request("GET", "/api/v1/llm/providers", "")));
        subjects.put("kept", client -> new Plain(service, message(keeping.get(client))));
        subjects.put("question", client -> new Plain(service, message(asking.get(client))));
        load(subjects.get("question"), 1, warm / 2);
        for (String subject : List.of("bare", "floor", "idle", "kept")) {
            load(subjects.get(subject), 2, Math.max(1, warm / 8));
        }
        load(subjects.get("question"), MOST_CLIENTS, warm / 2);
        System.out.printf(Locale.ROOT, "load average before: %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
        for (int clients : only == 0 ? new int[] {1, MOST_CLIENTS} : new int[] {only}) {
            Map<String, List<Result>> results = new LinkedHashMap<>();
            List<Double> calls = new ArrayList<>();
            List<Double> books = new ArrayList<>();
            int opened = 0;
            int asked = 0;
            for (int repeat = 0; repeat < repeats; repeat++) {
                signIn();
                // Whichever is first meets a different machine, so they take turns.
                List<String> order = new ArrayList<>(subjects.keySet());
                Collections.rotate(order, repeat);
                for (String subject : order) {
                    int connections = model.connections.get();
                    int answers = model.answers.get();
                    String before = metrics();
                    Result result = load(subjects.get(subject), clients, seconds);
                    results.computeIfAbsent(subject, k -> new ArrayList<>()).add(result);
                    if (subject.equals("question")) {
                        opened += model.connections.get() - connections;
                        asked += model.answers.get() - answers;
                        String after = metrics();
                        results.computeIfAbsent("gateway", k -> new ArrayList<>()).add(between(buckets(before), buckets(after)));
                        double call = mean("calls", before, after);
                        calls.add(call);
                        books.add(mean("questions", before, after) - call);
                    }
                }
                System.err.println(clients + " client(s), repeat " + (repeat + 1) + " done");
            }
            report(clients, results);
            System.out.printf(
                    Locale.ROOT,
                    "  of the gateway, mean: the call of the model %s, the books around it %s%n",
                    spread(calls.stream().mapToDouble(d -> d).toArray()),
                    spread(books.stream().mapToDouble(d -> d).toArray()));
            System.out.printf(Locale.ROOT, "  the gateway asked %d times over %d new connections%n", asked, opened);
        }
        System.out.printf(Locale.ROOT, "load average after: %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static void report(int clients, Map<String, List<Result>> results) {
        System.out.printf(Locale.ROOT, "%d client(s), ms, median (least..most) of %d repeats%n", clients, results.get("bare").size());
        results.forEach((subject, of) -> System.out.printf(
                Locale.ROOT,
                "  %-20s p50 %-22s p99 %-24s %s%n",
                subject,
                spread(of.stream().mapToDouble(Result::p50).toArray()),
                spread(of.stream().mapToDouble(Result::p99).toArray()),
                subject.equals("gateway")
                        ? "as the service counts it"
                        : String.format(Locale.ROOT, "%.0f/s", median(of.stream().mapToDouble(Result::perSecond).toArray()))));
        for (String[] pair : new String[][] {
            {"gateway", "bare"}, {"gateway", "floor"}, {"floor", "bare"}, {"question", "bare"}, {"question", "kept"}, {"idle", "bare"}
        }) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-20s p50 %-22s p99 %s%n",
                    pair[0] + " - " + pair[1],
                    spread(difference(results, pair, Result::p50)),
                    spread(difference(results, pair, Result::p99)));
        }
        if (clients == 1) {
            System.out.printf(
                    Locale.ROOT,
                    "  goal: gateway - bare p99 2 ms or less; here %.2f ms%n",
                    median(difference(results, new String[] {"gateway", "bare"}, Result::p99)));
        }
    }

    private static double[] difference(Map<String, List<Result>> results, String[] pair, ToDoubleFunction<Result> of) {
        double[] values = new double[results.get("bare").size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = of.applyAsDouble(results.get(pair[0]).get(i)) - of.applyAsDouble(results.get(pair[1]).get(i));
        }
        return values;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String spread(double[] values) {
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f..%.2f)",
                median(values),
                Arrays.stream(values).min().orElseThrow(),
                Arrays.stream(values).max().orElseThrow());
    }

    private Result load(Clients kind, int clients, int seconds) throws Exception {
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        List<Future<List<Long>>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (int i = 0; i < clients; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    List<Long> nanos = new ArrayList<>();
                    try (Client client = kind.number(number)) {
                        client.once();
                        while (System.nanoTime() < end) {
                            long from = System.nanoTime();
                            client.once();
                            nanos.add(System.nanoTime() - from);
                            if (pauseMillis > 0) {
                                Thread.sleep(pauseMillis);
                            }
                        }
                    }
                    return nanos;
                }));
            }
        }
        double took = (System.nanoTime() - begun) / 1e9;
        List<Double> millis = new ArrayList<>();
        for (Future<List<Long>> client : all) {
            client.get().forEach(nanos -> millis.add(nanos / 1e6));
        }
        Collections.sort(millis);
        return new Result(at(millis, 0.5), at(millis, 0.99), millis.size() / took);
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(sorted.size() * share) - 1));
    }

    private String metrics() throws Exception {
        return send(HttpRequest.newBuilder(service.resolve("/q/metrics")), 200);
    }

    /** How often a question took no longer than each of the steps, in ms. */
    private static Map<Double, Double> buckets(String metrics) {
        Map<Double, Double> counts = new TreeMap<>();
        Matcher line = BUCKET.matcher(metrics);
        while (line.find()) {
            double step = line.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(line.group(1)) * 1e3;
            counts.merge(step, Double.parseDouble(line.group(2)), Double::sum);
        }
        return counts;
    }

    private static double mean(String what, String before, String after) {
        return 1e3 * (sum(after, what, "sum") - sum(before, what, "sum"))
                / (sum(after, what, "count") - sum(before, what, "count"));
    }

    private static double sum(String metrics, String what, String kind) {
        double sum = 0;
        Matcher line = SUM.matcher(metrics);
        while (line.find()) {
            sum += line.group(1).equals(what) && line.group(2).equals(kind) ? Double.parseDouble(line.group(3)) : 0;
        }
        return sum;
    }

    private static Result between(Map<Double, Double> before, Map<Double, Double> after) {
        Map<Double, Double> counts = new TreeMap<>();
        after.forEach((step, count) -> counts.put(step, count - before.getOrDefault(step, 0.0)));
        return new Result(interpolated(counts, 0.5), interpolated(counts, 0.99), 0);
    }

    private static double interpolated(Map<Double, Double> counts, double share) {
        double wanted = counts.get(Double.POSITIVE_INFINITY) * share;
        double lowStep = 0;
        double lowCount = 0;
        for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
            if (bucket.getValue() >= wanted && !bucket.getKey().isInfinite()) {
                return lowStep + (bucket.getKey() - lowStep) * (wanted - lowCount) / (bucket.getValue() - lowCount);
            }
            lowStep = bucket.getKey();
            lowCount = bucket.getValue();
        }
        return Double.POSITIVE_INFINITY;
    }

    private void signIn() throws Exception {
        String credentials = Files.readString(Path.of(System.getenv("SKEIN_CREDENTIALS")));
        String body = "{\"username\":\"" + field(credentials, "username") + "\",\"password\":\""
                + field(credentials, "password") + "\"}";
        token = field(
                send(
                        HttpRequest.newBuilder(door.resolve("/api/v1/auth/sign-in"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)),
                        200),
                "accessToken");
    }

    /** Each client has a conversation with a plan and one without. */
    private void prepare() throws Exception {
        for (int i = 0; i < MOST_CLIENTS; i++) {
            asking.add(field(
                    post("/api/v1/requests", "{\"text\":\"Deploy Uptime Kuma to the homelab\",\"allowDuplicate\":true}"), "sessionId"));
            keeping.add(field(post("/api/v1/sessions", "{\"title\":\"bench " + i + "\"}"), "id"));
        }
        String answer = post("/api/v1/sessions/" + asking.getFirst() + "/messages", "{\"text\":\"Why?\"}");
        if (!answer.contains("stand-in")) {
            throw new IllegalStateException("no model was asked: " + answer);
        }
        answer = post("/api/v1/sessions/" + keeping.getFirst() + "/messages", "{\"text\":\"Why?\"}");
        if (answer.contains("stand-in")) {
            throw new IllegalStateException("a model was asked: " + answer);
        }
    }

    private String post(String path, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(service.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                201);
    }

    private String send(HttpRequest.Builder request, int status) throws Exception {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IllegalStateException(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return matcher.group(1);
    }

    private byte[] message(String session) {
        return request("POST", "/api/v1/sessions/" + session + "/messages", "{\"text\":\"What does it wait for?\"}");
    }

    private byte[] request(String method, String path, String body) {
        String more = body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
        return (method + " " + path + " HTTP/1.1\r\nHost: " + service.getAuthority() + "\r\nAuthorization: Bearer " + token + "\r\n"
                        + more + "\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** One connection, and one request that is always the same. */
    static final class Plain implements Client {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] request;

        Plain(URI where, byte[] request) throws IOException {
            this.request = request;
            socket = new Socket(where.getHost(), where.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            out = socket.getOutputStream();
        }

        @Override
        public void once() throws IOException {
            out.write(request);
            Wire answer = Wire.read(in);
            if (!answer.first().contains(" 20")) {
                throw new IllegalStateException(answer.first() + " " + answer.text());
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** What reserving first and settling after takes at least. */
    static final class Floor implements Client {

        private final Plain plain;
        private final Connection connection;
        private final PreparedStatement reserve;
        private final PreparedStatement settle;

        Floor(Plain plain) throws Exception {
            this.plain = plain;
            connection = DriverManager.getConnection(
                    System.getenv("SKEIN_BENCH_POSTGRES_URL"),
                    System.getenv("SKEIN_BENCH_POSTGRES_USER"),
                    System.getenv("SKEIN_BENCH_POSTGRES_PASSWORD"));
            try (Statement statement = connection.createStatement()) {
                // Two clients that make the same table at once: one of them is told that it is there.
                statement.execute("SELECT pg_advisory_lock(7)");
                statement.execute("CREATE TABLE IF NOT EXISTS bench_call (id uuid PRIMARY KEY, outcome text NOT NULL, cost numeric NOT NULL)");
                statement.execute("CREATE TABLE IF NOT EXISTS bench_told (id uuid PRIMARY KEY, body bytea NOT NULL)");
                statement.execute("SELECT pg_advisory_unlock(7)");
            }
            reserve = connection.prepareStatement("INSERT INTO bench_call VALUES (?, 'open', 1)");
            settle = connection.prepareStatement(
                    "WITH c AS (UPDATE bench_call SET outcome = 'answered', cost = 0.5 WHERE id = ? RETURNING id)"
                            + " INSERT INTO bench_told SELECT id, ? FROM c");
        }

        @Override
        public void once() throws Exception {
            UUID id = UUID.randomUUID();
            reserve.setObject(1, id);
            reserve.execute();
            plain.once();
            settle.setObject(1, id);
            settle.setBytes(2, new byte[600]);
            settle.execute();
        }

        @Override
        public void close() throws Exception {
            plain.close();
            connection.close();
        }
    }

    /** A request or an answer as it came. */
    record Wire(String first, byte[] head, byte[] body) {

        static Wire read(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            String first = line(in);
            head.append(first).append("\r\n");
            int length = 0;
            boolean chunked = false;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                head.append(header).append("\r\n");
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).strip());
                }
                chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
            }
            head.append("\r\n");
            byte[] body = in.readNBytes(length);
            if (chunked) {
                for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                    in.skipNBytes(size + 2);
                }
                line(in);
            }
            return new Wire(first, head.toString().getBytes(StandardCharsets.ISO_8859_1), body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        byte[] whole() {
            byte[] all = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, all, head.length, body.length);
            return all;
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            int c;
            while ((c = in.read()) != '\n') {
                if (c < 0) {
                    throw new IOException("the connection was closed");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }
    }

    /** Speaks Ollama's wire format and always says the same, after the same time. */
    static final class Model implements AutoCloseable {

        private static final String SAYS = "{\"model\":\"stand-in\",\"created_at\":\"2026-01-01T00:00:00Z\",\"message\":{\"role\":\"assistant\","
                + "\"content\":\"It waits for somebody to approve it.\"},\"done\":true,\"done_reason\":\"stop\","
                + "\"prompt_eval_count\":100,\"eval_count\":20}";
        private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + SAYS.length()
                        + "\r\n\r\n" + SAYS)
                .getBytes(StandardCharsets.US_ASCII);

        final AtomicInteger connections = new AtomicInteger();
        final AtomicInteger answers = new AtomicInteger();
        private final ServerSocket server;
        private final int delayMillis;
        private volatile Wire last;

        Model(int port, int delayMillis) throws IOException {
            this.delayMillis = delayMillis;
            server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            Thread.ofPlatform().daemon().start(this::accept);
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort());
        }

        /** What the gateway sent, headers and all. */
        byte[] lastRequest() {
            return last.whole();
        }

        private void accept() {
            while (true) {
                try {
                    Socket socket = server.accept();
                    socket.setTcpNoDelay(true);
                    connections.incrementAndGet();
                    Thread.ofPlatform().daemon().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
                while (true) {
                    last = Wire.read(in);
                    if (delayMillis > 0) {
                        Thread.sleep(delayMillis);
                    }
                    answers.incrementAndGet();
                    socket.getOutputStream().write(ANSWER);
                }
            } catch (IOException e) {
                // Whoever asked has gone.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
