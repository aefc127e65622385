package io.skein.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class StreamQuarkusTest extends Scenario {

    @TestHTTPResource("/")
    URI base;

    private record Read(List<JsonNode> events, int comments, boolean ended) {}

    /** Reads until the stream ends or so many events were seen. */
    private Read read(UUID plan, long after, int most) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/v1/plans/" + plan + "/stream"))
                .header("Authorization", "Bearer " + TestTokens.user("ada", "viewer"))
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", String.valueOf(after))
                .timeout(Duration.ofSeconds(20))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        List<JsonNode> events = new ArrayList<>();
        int comments = 0;
        String id = null;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    comments++;
                } else if (line.startsWith("id:")) {
                    id = line.substring(3).strip();
                } else if (line.startsWith("data:")) {
                    JsonNode event = WireFormat.mapper().readTree(line.substring(5));
                    assertEquals(id, event.path("seq").asText());
                    events.add(event);
                    if (events.size() >= most) {
                        return new Read(events, comments, false);
                    }
                }
            }
        }
        return new Read(events, comments, true);
    }

    private static List<Long> seqs(List<JsonNode> events) {
        return events.stream().map(event -> event.path("seq").asLong()).toList();
    }

    @Test
    void aCutStreamResumesWithoutLoss() throws Exception {
        UUID plan = plan(BOTH);
        CompletableFuture<Read> whole = CompletableFuture.supplyAsync(() -> {
            try {
                return read(plan, 0, 1000);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        approve(plan);
        List<JsonNode> pieces = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            long after = pieces.isEmpty() ? 0 : pieces.getLast().path("seq").asLong();
            Read part = read(plan, after, 3);
            pieces.addAll(part.events());
            ended = part.ended();
        }
        Read all = whole.get(20, TimeUnit.SECONDS);

        assertTrue(all.ended());
        assertEquals(LongStream.rangeClosed(1, all.events().size()).boxed().toList(), seqs(all.events()));
        assertEquals(seqs(all.events()), seqs(pieces));
        JsonNode last = all.events().getLast();
        assertEquals("plan", last.path("kind").asText());
        assertEquals("completed", last.path("status").asText());
        assertEquals(
                4,
                all.events().stream()
                        .filter(e -> e.path("kind").asText().equals("task"))
                        .count());
    }

    @Test
    void heartbeatsWhileNothingHappens() throws Exception {
        agent.held.put(DEPLOY, true);
        UUID plan = plan(BOTH);
        approve(plan);
        Awaitility.await().until(() -> stepStatuses(plan).getFirst().equals("running"));
        CompletableFuture<Read> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return read(plan, 0, 1000);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.sleep(2500);
        agent.finish(agent.ordersFor(plan, DEPLOY).getFirst(), WorkResult.Outcome.COMPLETED);
        assertTrue(reading.get(20, TimeUnit.SECONDS).comments() >= 3);
    }

    @Test
    void aStreamResumedAfterTheEndIsOverAtOnce() throws Exception {
        UUID plan = plan("Rotate the logs");
        post(plan, "reject", java.util.Map.of("reason", "no"));
        Read first = read(plan, 0, 100);

        assertTrue(first.ended());
        assertTrue(read(plan, first.events().getLast().path("seq").asLong(), 10).ended());
    }
}
