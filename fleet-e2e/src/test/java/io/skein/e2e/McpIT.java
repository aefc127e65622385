package io.skein.e2e;

import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** MCP-01 on the running fleet: a model proposes, a person decides, the model reads what came of it, and nobody else does. */
class McpIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Fleet fleet = Fleet.running();

    @Test
    void aModelProposesAPersonDecidesAndTheTrailCanBeRead() {
        MatrixPeople people = new MatrixPeople(fleet);
        String apiToken = fleet.created(
                        "/api/v1/tokens",
                        Map.of("name", "model", "scopes", List.of("operator")),
                        people.token(Who.OWNER))
                .path("token")
                .asText();
        try (McpSyncClient model = connect(apiToken);
                McpSyncClient other = connect(people.token(Who.OTHER))) {
            assertTrue(json(call(model, "list_playbooks", Map.of("size", 50)))
                    .toString()
                    .contains("uptime-kuma/deploy.yml"));

            JsonNode proposed = json(call(model, "request", Map.of("text", "check the free disk space on web01")));
            String plan = proposed.path("id").asText();
            assertEquals("awaiting_approval", proposed.path("status").asText(), proposed::toString);
            assertEquals(people.name(Who.OWNER), proposed.path("requestedBy").asText());

            CallToolResult hidden = call(other, "get_plan", Map.of("planId", plan));
            assertTrue(hidden.isError());
            assertTrue(text(hidden).contains("\"not_found\""), text(hidden));
            assertFalse(text(call(other, "list_plans", Map.of())).contains(plan));

            assertEquals(
                    200,
                    fleet.send("POST", "/api/v1/plans/" + plan + "/approve", Map.of(), people.token(Who.APPROVER))
                            .status());
            await().atMost(ofSeconds(60)).until(() -> json(call(model, "get_plan", Map.of("planId", plan)))
                    .path("status")
                    .asText()
                    .equals("completed"));
            assertTrue(text(call(model, "get_step_log", Map.of("planId", plan, "step", 1)))
                    .contains("web01"));
            await().atMost(ofSeconds(20))
                    .until(() -> json(call(model, "search_audit", Map.of("planId", plan, "type", "plan.approved")))
                            .path("items")
                            .path(0)
                            .path("actor")
                            .asText()
                            .equals(people.name(Who.APPROVER)));
        }
    }

    private McpSyncClient connect(String token) {
        McpSyncClient client = McpClient.sync(HttpClientStreamableHttpTransport.builder(fleet.url())
                        .endpoint("/mcp")
                        .customizeRequest(request -> request.header("Authorization", "Bearer " + token))
                        .build())
                .requestTimeout(ofSeconds(40))
                .build();
        client.initialize();
        return client;
    }

    private static CallToolResult call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        return client.callTool(new CallToolRequest(tool, arguments));
    }

    private static JsonNode json(CallToolResult result) {
        assertFalse(result.isError(), () -> text(result));
        try {
            return JSON.readTree(text(result));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text(result), e);
        }
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }
}
