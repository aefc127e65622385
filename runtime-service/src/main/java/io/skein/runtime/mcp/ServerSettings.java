package io.skein.runtime.mcp;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A server as the operator configured it: a command or an address.
 *
 * @param env what its process has in its environment besides PATH and HOME, by the name of our variable that holds it
 * @param headers the same for the headers of HTTP calls
 * @param tools that are offered; {@code *} for all it has
 * @param timeoutSeconds for one call, 1 to 600
 */
record ServerSettings(
        String name,
        List<String> command,
        String url,
        Map<String, String> env,
        Map<String, String> headers,
        List<String> tools,
        @JsonProperty("timeout_seconds") Integer timeoutSeconds) {

    private static final int MAX_SERVERS = 50;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    ServerSettings {
        command = command == null ? List.of() : List.copyOf(command);
        env = env == null ? Map.of() : Map.copyOf(env);
        headers = headers == null ? Map.of() : Map.copyOf(headers);
        tools = tools == null ? List.of() : List.copyOf(tools);
        timeoutSeconds = timeoutSeconds == null ? 30 : timeoutSeconds;
    }

    /**
     * @param json an array; empty for none
     * @throws IllegalArgumentException when it is not right: better no start than a tool that is missing later
     */
    static List<ServerSettings> read(String json) {
        if (json.isBlank()) {
            return List.of();
        }
        try {
            List<ServerSettings> servers = JSON.readValue(json, new TypeReference<List<ServerSettings>>() {});
            if (servers.size() > MAX_SERVERS) {
                throw new IllegalArgumentException("more than " + MAX_SERVERS + " MCP servers");
            }
            Set<String> names = new HashSet<>();
            for (ServerSettings server : servers) {
                server.check();
                if (!names.add(server.name())) {
                    throw new IllegalArgumentException("two MCP servers are called " + server.name());
                }
            }
            return List.copyOf(servers);
        } catch (JsonProcessingException e) {
            // Its message would quote the text.
            throw new IllegalArgumentException(
                    "SKEIN_RUNTIME_MCP_SERVERS cannot be read: line "
                            + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr(),
                    e);
        }
    }

    private void check() {
        if (name == null || !name.matches("[a-z0-9-]{1,32}")) {
            throw new IllegalArgumentException("the name of an MCP server is 1 to 32 of a-z, 0-9 and -");
        }
        if (command.isEmpty() == (url == null)) {
            throw new IllegalArgumentException("the MCP server " + name + " has a command or a url, one of them");
        }
        if (tools.isEmpty()) {
            throw new IllegalArgumentException("the MCP server " + name + " offers no tools: name them, or * for all");
        }
        if (timeoutSeconds < 1 || timeoutSeconds > 600) {
            throw new IllegalArgumentException("timeout_seconds of the MCP server " + name + " is 1 to 600");
        }
        if (url != null) {
            String scheme = URI.create(url).getScheme();
            if (!"https".equals(scheme) && !"http".equals(scheme)) {
                throw new IllegalArgumentException("the url of the MCP server " + name + " is an http(s) address");
            }
        }
    }

    Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }

    boolean offers(String tool) {
        return tools.contains("*") || tools.contains(tool);
    }

    Map<String, String> resolvedEnv(Function<String, String> variables) {
        return resolved(env, variables);
    }

    Map<String, String> resolvedHeaders(Function<String, String> variables) {
        return resolved(headers, variables);
    }

    private Map<String, String> resolved(Map<String, String> references, Function<String, String> variables) {
        Map<String, String> values = new TreeMap<>();
        references.forEach((key, variable) -> {
            String value = variables.apply(variable);
            if (value == null) {
                throw new IllegalArgumentException(
                        "the MCP server " + name + " needs the variable " + variable + ", and it is not set");
            }
            values.put(key, value);
        });
        return values;
    }
}
