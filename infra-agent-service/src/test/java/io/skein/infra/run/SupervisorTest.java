package io.skein.infra.run;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.Ids;
import io.skein.contracts.wire.WireFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor with children that do not want to die. */
class SupervisorTest {

    /** Ignores what it can, in a session of its own, as ansible-core 2.19 runs its workers. */
    private static final String STUBBORN = "trap '' INT TERM; setsid sh -c \"trap '' INT TERM; sleep 600\" & "
            + "sh -c \"trap '' INT TERM; sleep 601\"";

    @TempDir
    Path folder;

    private final UUID run = Ids.next();
    private Process supervisor;

    @AfterEach
    void nothingIsLeft() {
        supervisor.destroyForcibly();
        Leftovers.kill(run, null, null);
    }

    @Test
    void whenTheAgentDiesNothingSurvives() throws Exception {
        start("sh", "-c", STUBBORN);
        await().atMost(30, SECONDS).until(() -> sleeping() == 2);
        supervisor.getOutputStream().close(); // what the kernel does for a process killed with -9
        assertTrue(supervisor.waitFor(15, SECONDS));
        assertEquals(List.of(), Leftovers.marked(run));
    }

    @Test
    void aCancelEndsEverythingAndSaysSo() throws Exception {
        BufferedReader out = start("sh", "-c", STUBBORN);
        await().atMost(30, SECONDS).until(() -> sleeping() == 2);
        supervisor.getOutputStream().write("cancel\n".getBytes(StandardCharsets.UTF_8));
        supervisor.getOutputStream().flush();
        JsonNode exit = last(out);
        assertEquals("cancel", exit.path("stopped").asText());
        assertEquals(9, exit.path("signal").asInt());
        assertEquals(List.of(), Leftovers.marked(run));
    }

    @Test
    void aRunThatEndsByItselfKeepsItsDaemonsAndReportsItsUse() throws Exception {
        BufferedReader out = start("sh", "-c", "setsid sleep 602 >/dev/null 2>&1 & echo oh no >&2; exit 3");
        JsonNode exit = last(out);
        assertEquals(3, exit.path("code").asInt());
        assertTrue(exit.path("stopped").isNull());
        assertEquals("oh no\n", exit.path("console").asText());
        assertTrue(exit.path("max_rss").asLong() > 100_000);
        assertEquals(1, Leftovers.marked(run).size());
    }

    @Test
    void aProgramThatIsNotThereIsAnAnswer() throws Exception {
        JsonNode exit = last(start("/does/not/exist"));
        assertEquals(127, exit.path("code").asInt());
        assertTrue(exit.path("console").asText().contains("/does/not/exist"));
    }

    private BufferedReader start(String... arguments) throws IOException {
        String program = arguments[0].startsWith("/") ? arguments[0] : "/bin/" + arguments[0];
        List<String> argv = new java.util.ArrayList<>(List.of(arguments));
        argv.set(0, program);
        Path script = Files.exists(Path.of("ansible/skein_supervisor.py"))
                ? Path.of("ansible/skein_supervisor.py")
                : Path.of("infra-agent-service/ansible/skein_supervisor.py");
        supervisor = new ProcessBuilder("python3", "-I", "-S", script.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] order = WireFormat.write(Map.of(
                "argv", argv,
                "env", Map.of("PATH", System.getenv("PATH")),
                "cwd", folder.toString(),
                "console", folder.resolve("console").toString(),
                "run", run.toString(),
                "interrupt_seconds", 0.3,
                "terminate_seconds", 0.3));
        supervisor.getOutputStream().write(order);
        supervisor.getOutputStream().write('\n');
        supervisor.getOutputStream().flush();
        return supervisor.inputReader(StandardCharsets.UTF_8);
    }

    private static JsonNode last(BufferedReader out) throws IOException {
        String line;
        while ((line = out.readLine()) != null) {
            JsonNode event = WireFormat.mapper().readTree(line);
            if (event.path("e").asText().equals("exit")) {
                return event;
            }
        }
        throw new AssertionError("no exit event");
    }

    private long sleeping() {
        return Leftovers.marked(run).stream()
                .filter(p -> p.info().commandLine().orElse("").contains("sleep 60")
                        && !p.info().commandLine().orElse("").contains("sh -c"))
                .count();
    }
}
