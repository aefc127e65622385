package io.skein.cli.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.cli.FakeFleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkeinApiTest {
    @TempDir
    Path folder;

    private FakeFleet fleet;
    private Path local;

    @BeforeEach
    void open() throws IOException {
        fleet = new FakeFleet();
        local = fleet.state(folder).resolve("local");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aTokenServesSeveralCallsAndIsPrivate() throws IOException {
        fleet.on("/nodes", exchange -> FakeFleet.json(exchange, 200, "{\"items\":[]}"));
        for (int i = 0; i < 2; i++) {
            try (SkeinApi api = new SkeinApi(new SignIn(Map.of(), local))) {
                api.get("/nodes");
            }
        }
        assertEquals(
                1,
                fleet.calls().stream().filter(call -> call.contains("sign-in")).count());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(local.resolve("token.json"))));
    }

    @Test
    void aRefusedTokenIsReplacedOnce() {
        List<String> tokens = new ArrayList<>();
        fleet.on("/nodes", exchange -> {
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            FakeFleet.json(exchange, tokens.size() == 1 ? 401 : 200, "{}");
        });
        try (SkeinApi api = new SkeinApi(new SignIn(Map.of(), local))) {
            api.get("/nodes");
        }
        assertEquals(2, tokens.size());
    }

    @Test
    void aTokenFromOutsideIsUsedAsItIs() {
        fleet.on("/nodes", exchange -> FakeFleet.json(exchange, 401, "{\"code\":\"unauthenticated\"}"));
        try (SkeinApi api =
                new SkeinApi(new SignIn(Map.of("SKEIN_URL", fleet.url() + "/", "SKEIN_TOKEN", "mine"), local))) {
            ApiException e = assertThrows(ApiException.class, () -> api.get("/nodes"));
            assertEquals(401, e.status());
        }
        assertFalse(fleet.calls().stream().anyMatch(call -> call.contains("sign-in")));
        assertTrue(fleet.calls().contains("GET /api/v1/nodes"));
    }

    @Test
    void aProblemBecomesOneSentence() {
        fleet.on("/requests", exchange -> FakeFleet.json(exchange, 400, """
                        {"code":"validation_failed","title":"The request is not valid","detail":"see violations",
                         "violations":[{"field":"text","message":"must not be empty"}]}"""));
        try (SkeinApi api = new SkeinApi(new SignIn(Map.of(), local))) {
            ApiException e = assertThrows(
                    ApiException.class,
                    () -> api.post("/requests", new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode()));
            assertEquals("validation_failed", e.code());
            assertEquals("The request is not valid: see violations; text must not be empty", e.getMessage());
        }
    }

    @Test
    void aFleetThatIsNotThereIsSaidSo() {
        fleet.close();
        try (SkeinApi api = new SkeinApi(new SignIn(Map.of(), local))) {
            ApiException e = assertThrows(ApiException.class, () -> api.get("/nodes"));
            assertEquals(ApiException.UNREACHABLE, e.code());
            assertTrue(e.getMessage().contains("./skein up"), e.getMessage());
        }
    }
}
