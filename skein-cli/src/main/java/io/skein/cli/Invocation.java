package io.skein.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.cli.api.SignIn;
import io.skein.cli.api.SkeinApi;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** What every command has: where the fleet is, how to answer, and whom it talks to. */
public final class Invocation {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For people or for scripts. */
    enum Output {
        TEXT,
        JSON
    }

    @Option(names = "--output", defaultValue = "text", description = "text or json (default: text).")
    Output output = Output.TEXT;

    @Option(
            names = "--home",
            description = "Where ./skein up keeps its state (default: SKEIN_HOME, else .skein in the source tree).")
    Path home;

    private SkeinApi api;
    private Terminal terminal;

    public SkeinApi api() {
        if (api == null) {
            api = new SkeinApi(new SignIn(environment(), state().resolve("local")));
        }
        return api;
    }

    public Terminal terminal() {
        if (terminal == null) {
            terminal = Terminal.standard();
        }
        return terminal;
    }

    public boolean json() {
        return output == Output.JSON;
    }

    public void print(JsonNode json) {
        try {
            terminal().out().println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path state() {
        if (home != null) {
            return home;
        }
        String property = System.getProperty("skein.state");
        String variable = environment().get("SKEIN_HOME");
        if (property != null) {
            return Path.of(property);
        }
        return Path.of(variable != null && !variable.isBlank() ? variable : ".skein");
    }

    private static Map<String, String> environment() {
        return System.getenv();
    }
}
