import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Two latencies of the main job on a running fleet, each against its limit in the same run, alternating:
 *
 * <ol>
 *   <li>request to plan without an LLM, against a read through the same front door and orchestrator;
 *   <li>approval to the first Ansible task event in the stream, against bare {@code ansible-playbook} on the same playbook.
 * </ol>
 *
 * Environment: SKEIN_URL, SKEIN_TOKEN. Arguments: repository root, {@code --requests n} (50), {@code --runs n} (7).
 */
public class MainJobLatency {

    private static final String TWO_STEPS = "Deploy Uptime Kuma to the homelab and add our existing portals to the config";
    private static final String ONE_STEP = "Deploy Uptime Kuma to the homelab";
    private static final String PLAYBOOK = "uptime-kuma/deploy.yml";
    private static final String INVENTORY = "inventories/homelab/hosts.yml";
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url = System.getenv("SKEIN_URL");
    private final String token = System.getenv("SKEIN_TOKEN");

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        int requests = 50;
        int runs = 7;
        for (int i = 1; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--requests" -> requests = Integer.parseInt(args[i + 1]);
                case "--runs" -> runs = Integer.parseInt(args[i + 1]);
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        MainJobLatency bench = new MainJobLatency();
        bench.requestToPlan(requests);
        bench.approvalToFirstEvent(root, runs);
    }

    private void requestToPlan(int count) throws Exception {
        double[] plans = new double[count];
        double[] reads = new double[count];
        for (int i = -10; i < count; i++) {
            long start = System.nanoTime();
            String body = post("/api/v1/requests", "{\"text\":\"" + TWO_STEPS + "\",\"allowDuplicate\":true}", 201);
            double plan = millis(start);
            start = System.nanoTime();
            get("/api/v1/plans?size=1");
            double read = millis(start);
            if (i >= 0) {
                plans[i] = plan;
                reads[i] = read;
            }
            post("/api/v1/plans/" + id(body) + "/reject", "{\"reason\":\"benchmark\"}", 200);
        }
        System.out.printf(Locale.ROOT, "request -> plan (2 clauses), %d requests, ms%n", count);
        print("  plan", plans);
        print("  read (floor)", reads);
        System.out.printf(Locale.ROOT, "  p95 %.0f ms, goal under 150 ms%n", percentile(plans, 95));
    }

    private void approvalToFirstEvent(Path root, int runs) throws Exception {
        double[] skein = new double[runs];
        double[] bare = new double[runs];
        for (int i = -1; i < runs; i++) {
            double viaSkein = approveAndWatch();
            double alone = bareAnsible(root);
            if (i >= 0) {
                skein[i] = viaSkein;
                bare[i] = alone;
            }
        }
        System.out.printf(Locale.ROOT, "approval -> first Ansible task event, %d runs, ms%n", runs);
        print("  skein", skein);
        print("  bare ansible-playbook", bare);
        System.out.printf(
                Locale.ROOT,
                "  median difference %.0f ms, goal under 150 ms%n",
                percentile(skein, 50) - percentile(bare, 50));
    }

    private double approveAndWatch() throws Exception {
        String id = id(post("/api/v1/requests", "{\"text\":\"" + ONE_STEP + "\",\"allowDuplicate\":true}", 201));
        HttpResponse<Stream<String>> stream = http.send(
                request("/api/v1/plans/" + id + "/stream").header("Accept", "text/event-stream").build(),
                HttpResponse.BodyHandlers.ofLines());
        long[] first = new long[1];
        Thread reader = Thread.ofVirtual().start(() -> stream.body().forEach(line -> {
            if (first[0] == 0 && line.startsWith("data:") && line.contains("\"kind\":\"task\"")) {
                first[0] = System.nanoTime();
            }
        }));
        long start = System.nanoTime();
        post("/api/v1/plans/" + id + "/approve", "{}", 200);
        reader.join(60_000);
        if (first[0] == 0) {
            throw new IllegalStateException("no task event for plan " + id);
        }
        return (first[0] - start) / 1e6;
    }

    /**
     * Time from starting the process to the end of its first task, with Ansible's own output. The task is a loop, whose items
     * Ansible prints one by one; it is over on the host when the next task is announced.
     */
    private double bareAnsible(Path root) throws Exception {
        Path repository = root.resolve("examples/homelab-infra");
        Path own = root.resolve(".skein/ansible/bin/ansible-playbook");
        Path scratch = Files.createTempDirectory("bare");
        ProcessBuilder builder = new ProcessBuilder(
                Files.exists(own) ? own.toString() : "ansible-playbook",
                "-i",
                INVENTORY,
                "--limit",
                "nas01",
                "--diff",
                "-e",
                "homelab_root=" + scratch,
                PLAYBOOK);
        builder.directory(repository.toFile()).redirectErrorStream(true);
        builder.environment().put("PYTHONUNBUFFERED", "1");
        long start = System.nanoTime();
        Process process = builder.start();
        double first = -1;
        boolean result = false;
        List<String> seen = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                seen.add(line);
                result |= line.matches("^(ok|changed|skipping): \\[.*");
                if (first < 0 && result && line.startsWith("TASK [")) {
                    first = millis(start);
                }
            }
        }
        process.waitFor();
        if (first < 0) {
            throw new IllegalStateException("bare ansible-playbook showed no task:\n" + String.join("\n", seen));
        }
        return first;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }

    private String get(String path) throws Exception {
        return expect(http.send(request(path).build(), HttpResponse.BodyHandlers.ofString()), 200);
    }

    private String post(String path, String json, int status) throws Exception {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return expect(http.send(request, HttpResponse.BodyHandlers.ofString()), status);
    }

    private static String expect(HttpResponse<String> response, int status) {
        if (response.statusCode() != status) {
            throw new IllegalStateException(response.uri() + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private static String id(String body) {
        Matcher matcher = ID.matcher(body);
        if (!matcher.find()) {
            throw new IllegalStateException("no id in " + body);
        }
        return matcher.group(1);
    }

    private static double millis(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e6;
    }

    private static void print(String name, double[] values) {
        System.out.printf(
                Locale.ROOT,
                "%-24s median %7.1f   p95 %7.1f   min %7.1f   max %7.1f%n",
                name,
                percentile(values, 50),
                percentile(values, 95),
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
