package io.skein.desktop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.wire.WireFormat;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ListeningInfrastructure.class)
class DesktopAgentQuarkusTest {

    @Inject
    DesktopAgent agent;

    /** The interval is an hour here: the one heartbeat that arrives is the one sent at start. */
    @Test
    void saysWhatTheMachineHasAtOnceAndGoodbyeAtTheEnd() throws Exception {
        try (Connection connection = ListeningInfrastructure.connect();
                Channel channel = connection.createChannel()) {
            GetResponse first = next(channel);
            NodeHeartbeat heartbeat = WireFormat.read(first.getBody(), NodeHeartbeat.class);
            assertNotNull(UUID.fromString(first.getProps().getMessageId()));
            assertEquals("node~default~test-node", first.getProps().getUserId(), "the broker vouches for it");
            assertEquals("test-node", heartbeat.node());
            assertEquals("default", heartbeat.team());
            assertEquals(3600, heartbeat.intervalSeconds());
            assertEquals(Map.of("room", "attic", "rack", "2"), heartbeat.labels());
            assertFalse(heartbeat.goodbye());
            assertTrue(heartbeat.resources().memoryTotalBytes() > 0);
            assertFalse(heartbeat.resources().disks().isEmpty());

            for (String path : new String[] {"/q/health", "/q/health/live", "/q/health/ready", "/q/health/started"}) {
                await().untilAsserted(() -> assertEquals("200 UP", status(path)));
            }
            String metrics = request("GET", "/q/metrics").body();
            assertTrue(metrics.contains("skein_desktop_agent_heartbeats_total{outcome=\"sent\"} 1\n"), metrics);
            assertTrue(metrics.contains("skein_desktop_agent_broker_connected 1\n"), metrics);
            assertEquals(
                    404, request("GET", "/q/health/live/../../../etc/passwd").statusCode());
            assertEquals(405, request("POST", "/q/health").statusCode());

            agent.stop(new ShutdownEvent());

            NodeHeartbeat goodbye = WireFormat.read(next(channel).getBody(), NodeHeartbeat.class);
            assertTrue(goodbye.goodbye());
            assertNull(goodbye.resources());
        }
    }

    private String status(String path) throws Exception {
        HttpResponse<String> response = request("GET", path);
        return response.statusCode() + " "
                + WireFormat.mapper().readTree(response.body()).path("status").asText();
    }

    private HttpResponse<String> request(String method, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.healthPort() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static GetResponse next(Channel channel) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> channel.basicGet(ListeningInfrastructure.QUEUE, true), response -> response != null);
    }
}
