package io.skein.frontdoor.mcp;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.skein.contracts.wire.WireFormat;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.frontdoor.limits.CuttableRedis;
import io.skein.frontdoor.limits.SmallLimits;
import io.skein.test.SkeinInfrastructure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** MCP-01 with the protocol's own client: what a model can ask for and read, and what it cannot. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
@WithTestResource(CuttableRedis.class)
class McpQuarkusTest {

    private static int people;

    @TestHTTPResource("/")
    URI base;

    @Test
    void theToolsProposeAndReadAndNoneDecides() {
        try (McpSyncClient client = connect(Door.token(person("operator")))) {
            Map<String, Tool> tools =
                    client.listTools().tools().stream().collect(Collectors.toMap(Tool::name, tool -> tool));
            assertEquals(
                    Set.of("request", "list_plans", "get_plan", "get_step_log", "search_audit", "list_playbooks"),
                    tools.keySet());
            tools.values()
                    .forEach(tool -> assertEquals(
                            !tool.name().equals("request"), tool.annotations().readOnlyHint(), tool::toString));
            assertTrue(call(
                            client,
                            "approve_plan",
                            Map.of("planId", UUID.randomUUID().toString()))
                    .isError());
        }
    }

    @Test
    void aRequestReachesTheOrchestratorAsThePersonWhoConnected() {
        String token = Door.token(person("operator"));
        try (McpSyncClient client = connect(token)) {
            JsonNode seen = json(call(
                    client,
                    "request",
                    Map.of("text", "Deploy Uptime Kuma", "priority", "high", "idempotencyKey", "once-7")));
            assertEquals("orchestrator", seen.path("service").asText());
            assertEquals("POST", seen.path("method").asText());
            assertEquals("/api/v1/requests", seen.path("path").asText());
            assertEquals(
                    "{\"text\":\"Deploy Uptime Kuma\",\"priority\":\"high\"}",
                    seen.path("body").asText());
            assertEquals(
                    "Bearer " + token,
                    seen.path("headers").path("authorization").asText());
            assertEquals("once-7", seen.path("headers").path("idempotency-key").asText());
            assertTrue(seen.path("headers").path("traceparent").asText().matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
        }
    }

    @Test
    void whatIsAskedForGoesToItsServiceEncoded() {
        try (McpSyncClient client = connect(Door.token(person("viewer")))) {
            UUID plan = UUID.randomUUID();
            JsonNode log = json(call(client, "get_step_log", Map.of("planId", plan.toString(), "step", 2)));
            assertEquals(
                    "/api/v1/plans/" + plan + "/steps/2/log", log.path("path").asText());
            JsonNode audit =
                    json(call(client, "search_audit", Map.of("text", "a&size=9 b", "type", "plan.*", "size", 5)));
            assertEquals("audit", audit.path("service").asText());
            assertEquals(
                    "q=a%26size%3D9+b&type=plan.*&size=5", audit.path("query").asText());
            JsonNode plans = json(call(client, "list_plans", Map.of("status", "running")));
            assertEquals("status=running&size=20", plans.path("query").asText());
        }
    }

    @Test
    void anApiTokenIsExchangedAtTheGate() {
        String signIn = Door.token(person("operator"));
        String apiToken = Door.as(signIn)
                .body(Map.of("name", "model", "scopes", List.of("operator")))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        try (McpSyncClient client = connect(apiToken)) {
            String sent = json(call(client, "list_plans", Map.of()))
                    .path("headers")
                    .path("authorization")
                    .asText();
            assertTrue(sent.startsWith("Bearer ey"), sent);
            assertNotEquals("Bearer " + signIn, sent);
        }
    }

    @Test
    void whatIsNoIdBecomesNoAddressAndABadAnswerIsAnError() {
        try (McpSyncClient client = connect(Door.token(person("operator")))) {
            CallToolResult path = call(client, "get_plan", Map.of("planId", "../users"));
            assertTrue(path.isError());
            assertEquals("planId is no UUID.", text(path));
            assertTrue(call(client, "get_plan", Map.of()).isError(), "an argument is missing");
            CallToolResult line = call(client, "request", Map.of("text", "x", "idempotencyKey", "a\r\nX-Forged: 1"));
            assertTrue(line.isError());
            // Nobody listens at the infra agent's address.
            CallToolResult away = call(client, "list_playbooks", Map.of());
            assertTrue(away.isError());
            assertTrue(text(away).contains("cannot be reached"), text(away));
        }
    }

    @Test
    void aToolCallCountsAsTheCallItStandsFor() {
        try (McpSyncClient client = connect(Door.token(person("operator")))) {
            for (int i = 0; i < SmallLimits.SPENDING; i++) {
                assertFalse(call(client, "request", Map.of("text", "do " + i)).isError());
            }
            CallToolResult refused = call(client, "request", Map.of("text", "one more"));
            assertTrue(refused.isError());
            assertTrue(text(refused).contains("5 requests in 1 hour"), text(refused));
            assertFalse(call(client, "list_plans", Map.of()).isError(), "reading goes on");
        }
    }

    @Test
    void nobodyComesInWithoutAPersonsTokenOrFromAnotherPage() {
        String initialize = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
        var nobody = given().contentType("application/json")
                .accept("application/json, text/event-stream")
                .body(initialize);
        nobody.post("/mcp")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", equalTo("Bearer"))
                .body("code", equalTo("unauthenticated"));
        given().spec(nobody).auth().oauth2("forged").post("/mcp").then().statusCode(401);
        given().spec(nobody)
                .auth()
                .oauth2(Door.serviceToken())
                .post("/mcp")
                .then()
                .statusCode(403);
        String token = Door.token(person("operator"));
        given().spec(nobody)
                .auth()
                .oauth2(token)
                .header("Origin", "https://evil.example")
                .post("/mcp")
                .then()
                .statusCode(403)
                .body("code", equalTo("forbidden"));
        given().auth().oauth2(token).get("/mcp/sse").then().statusCode(404);
        given().auth().oauth2(token).put("/mcp").then().statusCode(405);
        given().spec(nobody).auth().oauth2(token).post("/mcp").then().statusCode(200);
    }

    private static String person(String role) {
        String name = "mcp-" + ++people;
        Door.create(name, "viewer", role);
        return name;
    }

    private McpSyncClient connect(String token) {
        McpSyncClient client = McpClient.sync(HttpClientStreamableHttpTransport.builder(base.toString())
                        .endpoint("/mcp")
                        .customizeRequest(request -> request.header("Authorization", "Bearer " + token))
                        .build())
                .requestTimeout(Duration.ofSeconds(20))
                .build();
        client.initialize();
        return client;
    }

    private static CallToolResult call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        try {
            return client.callTool(new CallToolRequest(tool, arguments));
        } catch (io.modelcontextprotocol.spec.McpError e) {
            return CallToolResult.builder()
                    .isError(true)
                    .addTextContent(e.getMessage())
                    .build();
        }
    }

    private static JsonNode json(CallToolResult result) {
        assertFalse(result.isError(), () -> text(result));
        try {
            return WireFormat.mapper().readTree(text(result));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(text(result), e);
        }
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }
}
