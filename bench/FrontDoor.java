import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the front door costs, on a running fleet:
 *
 * <ol>
 *   <li>requests per second and p95 of one endpoint through it, against the same endpoint of the same service called directly
 *       with the same token, alternating, several times;
 *   <li>the check of a token it has not seen (the signature is wrong, so it is never remembered) against a refusal without one;
 *   <li>signing in.
 * </ol>
 *
 * The load generator is this process: plain sockets, one request at a time on each, and it reads whole answers. On a small
 * machine it, the front door and the service share the cores, so the ratio is what CPU time one more hop takes.
 *
 * <p>Environment: SKEIN_URL, SKEIN_DIRECT (the service), SKEIN_TOKEN, SKEIN_CREDENTIALS (a file with username and password).
 */
public class FrontDoor {

    private static final int WARM_UP_SECONDS = 5;

    private record Load(double perSecond, double p50, double p95) {}

    public static void main(String[] args) throws Exception {
        int repeats = 7;
        int seconds = 5;
        int connections = 16;
        int signIns = 30;
        String path = "/api/v1/locks";
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--repeats" -> repeats = Integer.parseInt(args[i + 1]);
                case "--seconds" -> seconds = Integer.parseInt(args[i + 1]);
                case "--connections" -> connections = Integer.parseInt(args[i + 1]);
                case "--sign-ins" -> signIns = Integer.parseInt(args[i + 1]);
                case "--path" -> path = args[i + 1];
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        URI door = URI.create(System.getenv("SKEIN_URL"));
        URI service = URI.create(System.getenv("SKEIN_DIRECT"));
        String token = System.getenv("SKEIN_TOKEN");
        checkLimit(door, path, token);
        System.out.printf(Locale.ROOT, "load average before: %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
        throughput(door, service, path, token, repeats, seconds, connections);
        tokenCheck(door, path, token, repeats, seconds);
        signIn(door, signIns);
        System.out.printf(Locale.ROOT, "load average after: %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static void checkLimit(URI door, String path, String token) throws Exception {
        HttpResponse<Void> answer;
        try (HttpClient http = HttpClient.newHttpClient()) {
            answer = http.send(
                    HttpRequest.newBuilder(door.resolve(path)).header("Authorization", "Bearer " + token).build(),
                    HttpResponse.BodyHandlers.discarding());
        }
        long limit = answer.headers().firstValueAsLong("RateLimit-Limit").orElse(Long.MAX_VALUE);
        if (answer.statusCode() != 200 || limit < 10_000_000) {
            throw new IllegalStateException(path + " answers " + answer.statusCode() + " and allows " + limit
                    + " requests a minute; start the fleet as bench/README.md says");
        }
    }

    private static void throughput(
            URI door, URI service, String path, String token, int repeats, int seconds, int connections)
            throws Exception {
        byte[] through = get(door, path, token);
        byte[] direct = get(service, path, token);
        load(service, direct, 200, connections, WARM_UP_SECONDS);
        load(door, through, 200, connections, WARM_UP_SECONDS);
        List<Load> directs = new ArrayList<>();
        List<Load> throughs = new ArrayList<>();
        double[] ratios = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            // Whichever is first meets a different machine, so they take turns.
            if (i % 2 == 0) {
                directs.add(load(service, direct, 200, connections, seconds));
                throughs.add(load(door, through, 200, connections, seconds));
            } else {
                throughs.add(load(door, through, 200, connections, seconds));
                directs.add(load(service, direct, 200, connections, seconds));
            }
            ratios[i] = 100 * throughs.get(i).perSecond() / directs.get(i).perSecond();
        }
        System.out.printf(
                Locale.ROOT, "GET %s, %d connections, %d x %d s each%n", path, connections, repeats, seconds);
        print("  direct, requests/s", directs.stream().mapToDouble(Load::perSecond).toArray());
        print("  through, requests/s", throughs.stream().mapToDouble(Load::perSecond).toArray());
        print("  through / direct, %", ratios);
        print("  direct p50, ms", directs.stream().mapToDouble(Load::p50).toArray());
        print("  through p50, ms", throughs.stream().mapToDouble(Load::p50).toArray());
        print("  direct p95, ms", directs.stream().mapToDouble(Load::p95).toArray());
        print("  through p95, ms", throughs.stream().mapToDouble(Load::p95).toArray());
        System.out.printf(Locale.ROOT, "  median %.0f %% of direct, goal at least 80 %%%n", percentile(ratios, 50));
        double[] one = new double[repeats];
        double[] oneThrough = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            one[i] = load(service, direct, 200, 1, 1).p50();
            oneThrough[i] = load(door, through, 200, 1, 1).p50();
        }
        System.out.println("the same on one connection: what the hop adds when nobody waits");
        print("  direct p50, ms", one);
        print("  through p50, ms", oneThrough);
    }

    private static void tokenCheck(URI door, String path, String token, int repeats, int seconds) throws Exception {
        // Another valid signature's shape over other claims: parsed, looked up and verified in full, then refused.
        int dot = token.lastIndexOf('.');
        char flipped = token.charAt(dot + 5) == 'A' ? 'B' : 'A';
        String forged = token.substring(0, dot + 5) + flipped + token.substring(dot + 6);
        double[] none = new double[repeats];
        double[] checked = new double[repeats];
        for (int i = -1; i < repeats; i++) {
            Load without = load(door, get(door, path, null), -401, 1, 1);
            Load with = load(door, get(door, path, forged), -401, 1, 1);
            if (i >= 0) {
                none[i] = without.p95();
                checked[i] = with.p95();
            }
        }
        System.out.println("refusals on one connection (401, or 429 once the address has had its share)");
        print("  no token, p95 ms", none);
        print("  forged token, p95 ms", checked);
    }

    private static void signIn(URI door, int count) throws Exception {
        String credentials = Files.readString(Path.of(System.getenv("SKEIN_CREDENTIALS")));
        String body = "{\"username\":\"" + field(credentials, "username") + "\",\"password\":\""
                + field(credentials, "password") + "\"}";
        double[] millis = new double[count];
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = -3; i < count; i++) {
                long start = System.nanoTime();
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(door.resolve("/api/v1/auth/sign-in"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException("sign-in answered " + answer.statusCode() + ": " + answer.body());
                }
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        System.out.printf(Locale.ROOT, "signing in, %d times, one after the other%n", count);
        print("  ms", millis);
        System.out.printf(Locale.ROOT, "  p95 %.0f ms%n", percentile(millis, 95));
    }

    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in the credentials");
        }
        return matcher.group(1);
    }

    private static byte[] get(URI where, String path, String token) {
        String authorization = token == null ? "" : "Authorization: Bearer " + token + "\r\n";
        return ("GET " + path + " HTTP/1.1\r\nHost: " + where.getAuthority() + "\r\n" + authorization
                        + "Accept: application/json\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Each connection sends the next request when the answer to the last is read; negative status: that or 429. */
    private static Load load(URI where, byte[] request, int status, int connections, int seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long begun = System.nanoTime();
        List<Future<List<Long>>> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (int i = 0; i < connections; i++) {
                workers.add(threads.submit(() -> work(where, request, status, end)));
            }
        }
        double elapsed = (System.nanoTime() - begun) / 1e9;
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> worker : workers) {
            all.addAll(worker.get());
        }
        double[] millis = all.stream().mapToDouble(nanos -> nanos / 1e6).toArray();
        return new Load(all.size() / elapsed, percentile(millis, 50), percentile(millis, 95));
    }

    private static List<Long> work(URI where, byte[] request, int status, long end) throws IOException {
        List<Long> latencies = new ArrayList<>();
        try (Socket socket = new Socket(where.getHost(), where.getPort())) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            OutputStream out = socket.getOutputStream();
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                out.write(request);
                int got = answer(in);
                latencies.add(System.nanoTime() - start);
                if (got != status && !(status < 0 && (got == -status || got == 429))) {
                    throw new IllegalStateException(where + " answered " + got);
                }
            }
        }
        return latencies;
    }

    /** Reads one answer to its end. */
    private static int answer(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        int length = 0;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        if (chunked) {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                in.skipNBytes(size + 2);
            }
            line(in);
        } else {
            in.skipNBytes(length);
        }
        return status;
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

    private static void print(String name, double[] values) {
        System.out.printf(
                Locale.ROOT,
                "%-24s median %8.2f   min %8.2f   max %8.2f%n",
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
