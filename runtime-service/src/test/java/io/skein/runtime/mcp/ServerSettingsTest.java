package io.skein.runtime.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator may write, and that a mistake stops the start. */
class ServerSettingsTest {

    @Test
    void aCommandOrAnAddress() {
        List<ServerSettings> servers = ServerSettings.read("""
                [{"name": "files", "command": ["mcp-files", "/srv"], "tools": ["read"], "env": {"TOKEN": "FILES_TOKEN"}},
                 {"name": "search", "url": "https://mcp.example/mcp", "tools": ["*"], "timeout_seconds": 5,
                  "headers": {"Authorization": "SEARCH_AUTH"}}]""");
        assertEquals(List.of("mcp-files", "/srv"), servers.get(0).command());
        assertEquals(Duration.ofSeconds(30), servers.get(0).timeout());
        assertFalse(servers.get(0).offers("write"));
        assertEquals(Duration.ofSeconds(5), servers.get(1).timeout());
        assertEquals(Map.of("TOKEN", "x"), servers.get(0).resolvedEnv(Map.of("FILES_TOKEN", "x")::get));
        assertThrows(IllegalArgumentException.class, () -> servers.get(1).resolvedHeaders(name -> null));
        assertEquals(List.of(), ServerSettings.read(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[{}]",
                "[1]",
                "not json",
                "[] []",
                "[{\"name\": \"a\", \"tools\": [\"*\"]}]",
                "[{\"name\": \"a\", \"command\": [\"x\"]}]",
                "[{\"name\": \"A b\", \"command\": [\"x\"], \"tools\": [\"*\"]}]",
                "[{\"name\": \"a\", \"command\": [\"x\"], \"url\": \"https://x/\", \"tools\": [\"*\"]}]",
                "[{\"name\": \"a\", \"url\": \"file:///etc\", \"tools\": [\"*\"]}]",
                "[{\"name\": \"a\", \"command\": [\"x\"], \"tools\": [\"*\"], \"timeout_seconds\": 0}]",
                "[{\"name\": \"a\", \"command\": [\"x\"], \"tools\": [\"*\"], \"comand\": 1}]",
                "[{\"name\": \"a\", \"command\": [\"x\"], \"tools\": [\"*\"]}, {\"name\": \"a\", \"command\": [\"x\"], \"tools\": [\"*\"]}]"
            })
    void aMistakeStopsTheStart(String json) {
        assertThrows(IllegalArgumentException.class, () -> ServerSettings.read(json));
    }
}
