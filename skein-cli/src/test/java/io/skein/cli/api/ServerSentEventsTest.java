package io.skein.cli.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.cli.FakeFleet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ServerSentEventsTest {
    @TempDir
    Path folder;

    private final List<String> lastEventIds = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private FakeFleet fleet;
    private SkeinApi api;

    @BeforeEach
    void open() throws IOException {
        fleet = new FakeFleet();
        api = new SkeinApi(new SignIn(Map.of("SKEIN_URL", fleet.url(), "SKEIN_TOKEN", "x"), folder));
    }

    @AfterEach
    void close() {
        api.close();
        fleet.close();
    }

    @Test
    void aCutIsResumedWhereItWasAndNothingIsShownTwice() {
        fleet.on("/plans/p/stream", exchange -> {
            lastEventIds.add(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
            try (OutputStream out = FakeFleet.stream(exchange)) {
                if (connections.incrementAndGet() == 1) {
                    FakeFleet.event(out, 1, "step", "one");
                    FakeFleet.event(out, 2, "task", "two");
                    out.write("id: 3\nevent: task\ndata: ha".getBytes(StandardCharsets.UTF_8)); // cut in the middle
                } else {
                    FakeFleet.event(out, 2, "task", "two");
                    FakeFleet.event(out, 3, "task", "three");
                    FakeFleet.event(out, 4, "plan", "end");
                }
            }
        });
        List<String> seen = new ArrayList<>();

        stream(Duration.ofSeconds(10))
                .follow(event -> seen.add(event.data()) && !event.data().equals("end"), () -> false);

        assertEquals(List.of("one", "two", "three", "end"), seen);
        assertEquals("2", lastEventIds.get(1));
    }

    @Test
    void aConnectionThatSaysNothingIsReplaced() {
        CountDownLatch never = new CountDownLatch(1);
        fleet.on("/plans/p/stream", exchange -> {
            try (OutputStream out = FakeFleet.stream(exchange)) {
                if (connections.incrementAndGet() == 1) {
                    FakeFleet.event(out, 1, "task", "one");
                    await(never); // half open: no end, no data
                } else {
                    FakeFleet.event(out, 2, "plan", "end");
                }
            }
        });
        List<String> seen = new ArrayList<>();
        stream(Duration.ofMillis(300))
                .follow(event -> seen.add(event.data()) && !event.data().equals("end"), () -> false);
        never.countDown();
        assertEquals(List.of("one", "end"), seen);
    }

    @Test
    void commentsKeepAQuietConnectionAlive() {
        fleet.on("/plans/p/stream", exchange -> {
            connections.incrementAndGet();
            try (OutputStream out = FakeFleet.stream(exchange)) {
                for (int i = 0; i < 5; i++) {
                    out.write(": alive\n\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    sleep(200);
                }
                FakeFleet.event(out, 1, "plan", "end");
            }
        });
        List<String> seen = new ArrayList<>();
        stream(Duration.ofMillis(600)).follow(event -> !seen.add(event.data()), () -> false);
        assertEquals(List.of("end"), seen);
        assertEquals(1, connections.get());
    }

    @Test
    void theEndOfTheStreamIsTheEndOnlyWhenItIsOver() {
        fleet.on("/plans/p/stream", exchange -> {
            try (OutputStream out = FakeFleet.stream(exchange)) {
                FakeFleet.event(out, connections.incrementAndGet(), "task", "x");
            }
        });
        List<String> seen = new ArrayList<>();
        stream(Duration.ofSeconds(5)).follow(event -> seen.add(event.id()), () -> seen.size() == 3);
        assertEquals(List.of("1", "2", "3"), seen);
    }

    @Test
    void aRefusalIsToldAtOnce() {
        fleet.on(
                "/plans/p/stream",
                exchange -> FakeFleet.json(
                        exchange, 404, "{\"code\":\"not_found\",\"title\":\"Not found\",\"detail\":\"no such plan\"}"));
        ApiException e = assertThrows(
                ApiException.class, () -> stream(Duration.ofSeconds(5)).follow(event -> true, () -> false));
        assertEquals("not_found", e.code());
        assertTrue(e.getMessage().contains("no such plan"));
    }

    private ServerSentEvents stream(Duration silence) {
        return new ServerSentEvents(api, "/plans/p/stream", silence, Duration.ofMillis(20));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
