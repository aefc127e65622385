package io.skein.orchestrator.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** TASK-03: with 10 000 sessions, what was created is listed once and can be fetched, while others are created and deleted. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class SessionPagingQuarkusTest extends Scenario {

    private static final int SESSIONS = 10_000;
    private static final int CREATORS = 8;
    private static final String TOKEN = TestTokens.user("pat", "viewer", "operator");

    /** Keeps its connections: with a new one for each of ten thousand calls it would be the client that is measured. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestHTTPResource("/api/v1/sessions")
    URI sessions;

    private JsonNode ask(String method, String rest, String body, int status) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sessions + rest))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(status, answer.statusCode(), answer::body);
            return answer.body().isEmpty() ? null : WireFormat.read(answer.body(), JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String create(int number) {
        return ask("POST", "", "{\"title\":\"Session " + number + "\"}", 201)
                .path("id")
                .asText();
    }

    @Test
    void tenThousandAreListedExactlyWhileOthersComeAndGo() throws Exception {
        Set<String> made = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newFixedThreadPool(CREATORS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CREATORS; i++) {
                int from = i * SESSIONS / CREATORS;
                int to = (i + 1) * SESSIONS / CREATORS;
                all.add(threads.submit(() -> {
                    for (int number = from; number < to; number++) {
                        assertTrue(made.add(create(number)));
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertEquals(SESSIONS, made.size());
        assertEquals(made, new HashSet<>(exactly(walk(200))), "nothing else is going on");

        // A tenth of them is deleted and as many others created while the list is walked, in three sizes of page.
        List<String> doomed = new ArrayList<>(made);
        Collections.shuffle(doomed, new java.util.Random(42));
        doomed = doomed.subList(0, SESSIONS / 10);
        Set<String> kept = new HashSet<>(made);
        doomed.forEach(kept::remove);
        Set<String> deleted = ConcurrentHashMap.newKeySet();
        Set<String> added = ConcurrentHashMap.newKeySet();
        AtomicBoolean walking = new AtomicBoolean(true);
        try (var threads = Executors.newFixedThreadPool(1)) {
            List<String> going = doomed;
            Future<?> others = threads.submit(() -> {
                for (int i = 0; walking.get() && i < going.size(); i++) {
                    ask("DELETE", "/" + going.get(i), null, 204);
                    deleted.add(going.get(i));
                    added.add(create(SESSIONS + i));
                }
            });
            for (int size : List.of(200, 37, 199)) {
                List<String> seen = exactly(walk(size));
                assertTrue(seen.containsAll(kept), "everything that was there all the time is on exactly one page");
                Set<String> known = new HashSet<>(made);
                known.addAll(added);
                // The last one may be on the list before its creator knows that it is.
                List<String> unknown =
                        seen.stream().filter(id -> !known.contains(id)).toList();
                assertTrue(unknown.size() <= 1, "nothing is listed that nobody created: " + unknown);
            }
            walking.set(false);
            others.get();
        }
        assertTrue(deleted.size() > 0 && added.size() > 0, "something did go on meanwhile");
        Set<String> now = new HashSet<>(made);
        now.removeAll(deleted);
        now.addAll(added);
        List<String> last = exactly(walk(200));
        assertEquals(now, new HashSet<>(last));
        for (int i = 0; i < last.size(); i += 101) {
            ask("GET", "/" + last.get(i), null, 200);
        }
        System.out.printf(
                "sessions: %d created, %d deleted and %d created while listing, %d listed%n",
                SESSIONS, deleted.size(), added.size(), last.size());
    }

    private List<String> walk(int size) {
        List<String> ids = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = ask("GET", "?size=" + size + (after.isEmpty() ? "" : "&after=" + after), null, 200);
            page.path("items").forEach(session -> ids.add(session.path("id").asText()));
            after = page.path("next").asText("");
        } while (!after.isEmpty());
        return ids;
    }

    private static List<String> exactly(List<String> ids) {
        assertEquals(ids.size(), new HashSet<>(ids).size(), "nothing is listed twice");
        List<String> newestFirst = new ArrayList<>(ids);
        newestFirst.sort(Collections.reverseOrder());
        assertEquals(newestFirst, ids);
        return ids;
    }
}
