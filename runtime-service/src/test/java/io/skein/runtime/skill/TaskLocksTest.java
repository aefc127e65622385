package io.skein.runtime.skill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.skein.lockclient.LockCalls;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskLocksTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final byte[] WAITING =
            "{\"id\":\"1\",\"status\":\"waiting\",\"position\":1}".getBytes(StandardCharsets.UTF_8);

    private final BlockingQueue<JsonNode> asked = new LinkedBlockingQueue<>();
    private HttpServer service;

    @BeforeEach
    void listen() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/api/v1/locks", exchange -> {
            asked.add(new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes()));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(202, WAITING.length);
            exchange.getResponseBody().write(WAITING);
            exchange.close();
        });
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"600, 20, 600", "7, 7, 7", "0, 0, 0", "-5, 0, 0", "1000000, 20, 86400"})
    void nobodyStandsInAQueueLongerThanItsTaskMay(long left, long waits, long stands) throws InterruptedException {
        SkillCall call = new SkillCall(
                UUID.randomUUID(),
                1,
                "default",
                "a",
                new SkillCall.Permissions(null, null, null, false),
                SkillSchema.of("{}"),
                BigDecimal.ZERO,
                NOW.plus(Duration.ofSeconds(left)),
                "0".repeat(32));
        URI address = URI.create("http://127.0.0.1:" + service.getAddress().getPort());
        TaskLocks locks = new TaskLocks(
                new LockCalls(null, address, () -> "token", () -> null), Clock.fixed(NOW, ZoneOffset.UTC));
        assertTrue(locks.acquire(call, List.of("host:nas01"), "normal").isEmpty());
        JsonNode request = asked.take();
        assertEquals(waits, request.path("waitSeconds").asLong());
        assertEquals(stands, request.path("queueSeconds").asLong());
    }
}
