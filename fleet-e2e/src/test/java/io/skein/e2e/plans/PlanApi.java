package io.skein.e2e.plans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.e2e.Fleet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** A person who asks whichever process answers, and asks again, with the same key, when none did. */
final class PlanApi implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CALL = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SERVER_FAULT = 500;

    private final Fleet fleet;
    private final List<String> urls;
    private final String audit;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    PlanApi(Fleet fleet, List<String> urls) {
        this.fleet = fleet;
        this.urls = urls;
        this.audit = fleet.url("audit-service");
    }

    record Answer(int status, JsonNode body) {}

    /** The plan for what is asked; the same one however often. */
    JsonNode ask(String key, String text, Random random) throws InterruptedException {
        Map<String, Object> body = Map.of("text", text, "inventory", StormPlaybooks.INVENTORY, "allowDuplicate", true);
        return answered("POST", "/api/v1/requests", body, key, random).body();
    }

    void approve(UUID plan, Random random) throws InterruptedException {
        answered("POST", "/api/v1/plans/" + plan + "/approve", Map.of(), null, random);
    }

    /** Anything but a fault of the server is an answer: that a plan is approved already, too. */
    private Answer answered(String method, String path, Object body, String key, Random random)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "nobody answered";
        while (System.nanoTime() < end) {
            try {
                Answer answer = call(urls.get(random.nextInt(urls.size())), method, path, body, key);
                if (answer.status() < SERVER_FAULT) {
                    return answer;
                }
                last = answer.toString();
            } catch (IOException e) {
                last = String.valueOf(e);
            }
            Thread.sleep(200);
        }
        throw new AssertionError(method + " " + path + ": " + last);
    }

    /**
     * What the audit service tells of a plan and its steps.
     *
     * @param evidence gets how many tasks the record of each step has
     */
    List<Told> told(UUID plan, Map<UUID, Integer> evidence) throws IOException, InterruptedException {
        List<Told> told = new ArrayList<>();
        String after = "";
        do {
            String path = "/api/v1/audit/entries?size=200&planId=" + plan + (after.isEmpty() ? "" : "&after=" + after);
            Answer page = call(audit, "GET", path, null, null);
            for (JsonNode entry : page.body().path("items")) {
                String type = entry.path("type").asText();
                if (type.equals("step.completed")) {
                    evidence.put(
                            UUID.fromString(entry.path("subject").asText()),
                            entry.at("/data/record/tasks").size());
                }
                if (type.startsWith("plan.") || type.startsWith("step.")) {
                    told.add(new Told(
                            plan,
                            UUID.fromString(entry.path("subject").asText()),
                            type,
                            entry.at("/data/reason").asText(null),
                            entry.path("actor").asText()));
                }
            }
            after = page.body().path("next").asText("");
        } while (!after.isEmpty());
        return told;
    }

    /** What the audit service finds when it computes its whole chain again. */
    JsonNode verifyChain() throws IOException, InterruptedException {
        return call(audit, "GET", "/api/v1/audit/verify", null, null).body();
    }

    private Answer call(String base, String method, String path, Object body, String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(CALL)
                .header("Authorization", "Bearer " + fleet.bearer())
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(
                answer.statusCode(), answer.body().length == 0 ? JSON.missingNode() : JSON.readTree(answer.body()));
    }

    @Override
    public void close() {
        http.close();
    }
}
