package io.skein.e2e;

import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.skein.contracts.Ids;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** API tokens on the running fleet: a machine at RabbitMQ with its own, and a script at the front door with a person's. */
class AgentTokenIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEARTBEATS = "skein.heartbeats";

    private final Fleet fleet = Fleet.running();

    /** A node's token and who it is at the broker. */
    private record Node(String name, String tokenId, String token) {
        String user() {
            return "node~default~" + name;
        }
    }

    @Test
    void aNodeWithATokenIsSeenByTheFleet() throws Exception {
        Node attic = node("e2e-attic");
        try (Connection connection = connect(attic.user(), attic.token())) {
            assertEquals(OptionalInt.empty(), publish(connection.createChannel(), attic, attic.name(), attic.user()));
        }
        await().atMost(ofSeconds(20))
                .until(() -> fleet.cli(ofSeconds(30), "nodes").out().contains(attic.name()));
        JsonNode token = fleet.get("/api/v1/tokens").body().path("items").get(0);
        assertEquals(attic.tokenId(), token.path("id").asText());
        assertTrue(token.hasNonNull("lastUsedAt"), token::toString);
    }

    @Test
    void itSpeaksForNobodyElseAndIsWrittenDownWhenItTries() throws Exception {
        Node forger = node("e2e-forger");
        try (Connection connection = connect(forger.user(), forger.token())) {
            for (String other : List.of("e2e-victim", "e2e-forgerX")) {
                assertEquals(
                        OptionalInt.of(AMQP.ACCESS_REFUSED),
                        publish(connection.createChannel(), forger, other, forger.user()));
            }
            assertEquals(
                    OptionalInt.of(AMQP.PRECONDITION_FAILED),
                    publish(connection.createChannel(), forger, forger.name(), "node~default~e2e-victim"));
            for (String[] elsewhere : new String[][] {
                {"skein.work", "result.infra.infra-agent-1"},
                {"skein.events", "high.plan.approved"},
                {"", "skein.audit.events"}
            }) {
                assertEquals(
                        OptionalInt.of(AMQP.ACCESS_REFUSED),
                        send(connection.createChannel(), elsewhere[0], elsewhere[1], forger.user(), "{}"));
            }
            assertEquals(AMQP.ACCESS_REFUSED, code(assertThrows(IOException.class, () -> connection
                    .createChannel()
                    .basicGet("skein.registry.heartbeats", true))));
            assertEquals(AMQP.ACCESS_REFUSED, code(assertThrows(IOException.class, () -> connection
                    .createChannel()
                    .queueDeclare("mine", false, true, true, Map.of()))));
        }
        assertEquals(404, fleet.get("/api/v1/nodes/e2e-victim").status());
        await().atMost(ofSeconds(20)).until(() -> {
            String refused = fleet.get("/api/v1/audit/entries?size=200&type=message.refused")
                    .body()
                    .toString();
            return refused.contains(forger.user()) && refused.contains("node.e2e-victim");
        });
    }

    @Test
    void aTokenOpensTheBrokerForItsHolderOnly() {
        Node right = node("e2e-right");
        for (String[] wrong : new String[][] {
            {"node~default~e2e-wrong", right.token()},
            {"agent~default~e2e-right", right.token()},
            {"node~other~e2e-right", right.token()},
            {"lock-service", right.token()},
            {"skein_admin", right.token()},
            {right.user(), "guess"},
            {right.user(), right.token().substring(0, right.token().length() - 1) + "?"}
        }) {
            assertThrows(AuthenticationFailureException.class, () -> connect(wrong[0], wrong[1]), wrong[0]);
        }
        assertEquals(403, fleet.send("GET", "/api/v1/me", null, right.token()).status());
    }

    @Test
    void aRevokedTokenIsRefusedAtTheNextPublishAndAtTheDoor() throws Exception {
        Node leaver = node("e2e-leaver");
        Node stays = node("e2e-leaver");
        try (Connection connection = connect(leaver.user(), leaver.token());
                Connection other = connect(stays.user(), stays.token())) {
            Channel channel = connection.createChannel();
            assertEquals(OptionalInt.empty(), publish(channel, leaver, leaver.name(), leaver.user()));
            assertEquals(
                    204,
                    fleet.send("DELETE", "/api/v1/tokens/" + leaver.tokenId()).status());
            // A channel forgets what it was allowed when it rests, as one between two heartbeats does.
            await().pollInterval(ofSeconds(3)).atMost(ofSeconds(15)).until(() -> publish(
                            channel, leaver, leaver.name(), leaver.user())
                    .equals(OptionalInt.of(AMQP.ACCESS_REFUSED)));
            assertEquals(
                    OptionalInt.empty(),
                    publish(other.createChannel(), stays, stays.name(), stays.user()),
                    "the node's other token is still good");
        }
        assertThrows(AuthenticationFailureException.class, () -> connect(leaver.user(), leaver.token()));
    }

    @Test
    void aScriptUsesItsTokenInsteadOfAPassword() {
        Shell created = fleet.cli(ofSeconds(30), "token", "create", "e2e", "--scope", "operator", "--output", "json");
        assertEquals(0, created.exitCode(), created::toString);
        JsonNode made = Fleet.json(created.out());
        String token = made.path("token").asText();
        assertTrue(token.startsWith("skein_p_"), token);

        Shell nodes = fleet.cliWithToken(token, ofSeconds(30), "nodes");
        assertEquals(0, nodes.exitCode(), nodes::toString);
        assertEquals(
                List.of("viewer", "operator"),
                JSON.convertValue(
                        fleet.send("GET", "/api/v1/me", null, token).body().path("roles"), List.class));
        JsonNode plan = fleet.send(
                        "POST", "/api/v1/requests", Map.of("text", "check the free disk space on nas01"), token)
                .body();
        assertEquals("awaiting_approval", plan.path("status").asText(), plan::toString);
        String approve = "/api/v1/plans/" + plan.path("id").asText() + "/approve";
        assertEquals(403, fleet.send("POST", approve, Map.of(), token).status());
        fleet.post("/api/v1/plans/" + plan.path("id").asText() + "/cancel", Map.of());
        assertEquals(
                1,
                fleet.cliWithToken(token, ofSeconds(30), "token", "create", "child", "--scope", "viewer")
                        .exitCode());

        assertEquals(
                0,
                fleet.cli(ofSeconds(30), "token", "revoke", made.path("id").asText())
                        .exitCode());
        await().atMost(ofSeconds(5))
                .until(() -> fleet.send("GET", "/api/v1/plans", null, token).status() == 401);
        assertEquals(5, fleet.cliWithToken(token, ofSeconds(30), "nodes").exitCode());
        assertFalse(fleet.cli(ofSeconds(30), "token", "list")
                .out()
                .contains(made.path("id").asText()));
    }

    private Node node(String name) {
        Fleet.Answer answer =
                fleet.post("/api/v1/tokens", Map.of("name", name, "kind", "node", "subject", name, "expiresInDays", 1));
        assertEquals(201, answer.status(), answer::toString);
        return new Node(
                name,
                answer.body().path("id").asText(),
                answer.body().path("token").asText());
    }

    private Connection connect(String user, String password) throws Exception {
        Properties ports = new Properties();
        try (Reader reader = Files.newBufferedReader(fleet.state().resolve("ports.properties"))) {
            ports.load(reader);
        }
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(Integer.parseInt(ports.getProperty("rabbitmq")));
        factory.setVirtualHost("skein");
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection(user);
    }

    /** A heartbeat in the name of {@code claimed}; the code the channel was closed with, if it was. */
    private static OptionalInt publish(Channel channel, Node sender, String claimed, String userId) throws Exception {
        return send(
                channel,
                HEARTBEATS,
                "node." + claimed,
                userId,
                JSON.writeValueAsString(Map.of(
                        "node",
                        claimed,
                        "team",
                        "default",
                        "agentVersion",
                        "e2e",
                        "sentAt",
                        Instant.now().toString(),
                        "intervalSeconds",
                        30,
                        "goodbye",
                        false,
                        "labels",
                        Map.of("by", sender.name()),
                        "resources",
                        Map.of(
                                "os",
                                "test",
                                "arch",
                                "amd64",
                                "cpuCores",
                                4,
                                "cpuUsedFraction",
                                0.1,
                                "memoryTotalBytes",
                                1 << 30,
                                "memoryAvailableBytes",
                                1 << 29))));
    }

    private static OptionalInt send(Channel channel, String exchange, String key, String userId, String body)
            throws Exception {
        try {
            channel.confirmSelect();
            channel.basicPublish(
                    exchange,
                    key,
                    new AMQP.BasicProperties.Builder()
                            .messageId(Ids.next().toString())
                            .contentType("application/json")
                            .userId(userId)
                            .build(),
                    body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10_000);
            return OptionalInt.empty();
        } catch (IOException | ShutdownSignalException e) {
            return OptionalInt.of(code(e));
        }
    }

    private static int code(Throwable refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof ShutdownSignalException signal
                    && signal.getReason() instanceof AMQP.Channel.Close close) {
                return close.getReplyCode();
            }
        }
        throw new AssertionError("not refused by the broker", refused);
    }
}
