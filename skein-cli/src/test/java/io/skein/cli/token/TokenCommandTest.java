package io.skein.cli.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.cli.FakeFleet;
import io.skein.cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole command against a front door on a socket. */
@Timeout(60)
class TokenCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MADE = """
            {"id":"0199-token","name":"ci","kind":"person","owner":"ada","scopes":["viewer","operator"],
             "expiresAt":"2027-02-19T12:00:00Z","token":"skein_p_secret"}""";

    @TempDir
    Path folder;

    private FakeFleet fleet;
    private String state;

    @BeforeEach
    void open() throws IOException {
        fleet = new FakeFleet();
        state = fleet.state(folder).toString();
        fleet.on("/tokens", exchange -> {
            switch (exchange.getRequestMethod()) {
                case "POST" -> FakeFleet.json(exchange, 201, MADE);
                case "DELETE" ->
                    exchange.sendResponseHeaders(
                            exchange.getRequestURI().getPath().endsWith("/0199-token") ? 204 : 404, -1);
                default -> FakeFleet.json(exchange, 200, """
                        {"items":[
                          {"id":"0199-token","name":"ci","kind":"person","owner":"ada","scopes":["viewer"],
                           "expiresAt":"2027-02-19T12:00:00Z","lastUsedAt":"2026-11-21T10:00:00Z","expired":false},
                          {"id":"0199-node","name":"attic","kind":"node","owner":"ada","subject":"attic.lan","scopes":[],
                           "expiresAt":"2026-02-19T12:00:00Z","expired":true}]}""");
            }
        });
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void withoutASubcommandItPrintsAnAccessTokenAsBefore() throws IOException {
        Run text = Run.of("token", "--home", state);
        assertEquals(0, text.exitCode(), text.err());
        assertEquals("t1", text.out().strip());
        Run json = Run.of("token", "--output", "json", "--home", state);
        assertEquals("t1", JSON.readTree(json.out()).path("accessToken").asText());
    }

    @Test
    void aNewTokenStandsAloneOnStandardOutput() {
        Run run = Run.of("token", "create", "ci", "--scope", "operator", "--days", "30", "--home", state);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("skein_p_secret", run.out().strip());
        assertTrue(run.err().contains("skein token revoke 0199-token"), run.err());
        assertFalse(run.err().contains("skein_p_secret"));
        assertTrue(
                fleet.calls()
                        .contains("POST /api/v1/tokens {\"name\":\"ci\",\"kind\":\"person\",\"scopes\":[\"operator\"],"
                                + "\"expiresInDays\":30}"),
                fleet.calls().toString());
    }

    @Test
    void aNodesTokenNamesTheNodeAndHasNoScopes() throws IOException {
        Run run = Run.of("token", "create", "attic", "--node", "attic.lan", "--output", "json", "--home", state);
        assertEquals("skein_p_secret", JSON.readTree(run.out()).path("token").asText());
        assertTrue(
                fleet.calls()
                        .contains(
                                "POST /api/v1/tokens {\"name\":\"attic\",\"kind\":\"node\",\"subject\":\"attic.lan\"}"),
                fleet.calls().toString());
    }

    @Test
    void whomItIsForMustBeSaidOnce() {
        for (List<String> wrong : List.of(
                List.of("token", "create", "x"), List.of("token", "create", "x", "--node", "a", "--agent", "b"))) {
            assertEquals(2, Run.of(wrong.toArray(String[]::new)).exitCode(), wrong.toString());
        }
    }

    @Test
    void theListTellsWhoseTheyAreAndWhatIsOver() {
        Run run = Run.of("token", "list", "--all", "--home", state);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("node attic.lan"), run.out());
        assertTrue(run.out().contains("expired"), run.out());
        assertTrue(
                fleet.calls().contains("GET /api/v1/tokens?all=true&size=50"),
                fleet.calls().toString());
    }

    @Test
    void whatIsNotThereCannotBeRevoked() {
        assertEquals(0, Run.of("token", "revoke", "0199-token", "--home", state).exitCode());
        Run unknown = Run.of("token", "revoke", "../users/1", "--home", state);
        assertEquals(1, unknown.exitCode());
        assertTrue(
                fleet.calls().stream().anyMatch(call -> call.contains("/tokens/..%2Fusers%2F1")),
                fleet.calls().toString());
    }
}
