package io.skein.infra.suggest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.agent.WorkResult.Suggestion;
import io.skein.contracts.wire.WireFormat;
import io.skein.infra.agent.AgentConfig;
import io.skein.infra.agent.AnsibleRuntime;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Runs ansible-lint, one at a time: it takes seconds of CPU and nobody's run should wait for somebody's advice. */
@ApplicationScoped
public class Linter {

    private static final Logger LOG = Logger.getLogger(Linter.class);
    private static final int MAX_SUGGESTIONS = 100;
    private static final List<String> SEVERITIES = List.of("high", "medium", "low");

    @Inject
    AnsibleRuntime ansible;

    @Inject
    AgentConfig config;

    private final Semaphore turn = new Semaphore(1);

    /** Why there are no suggestions. */
    public static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message) {
            super(message);
        }
    }

    /**
     * The linter's findings, gravest first.
     *
     * @param playbook path inside the repository
     * @throws UnavailableException when there is no linter, or it gave no answer in time
     */
    public List<Suggestion> suggest(String playbook) throws UnavailableException {
        Path program = ansible.find("ansible-lint")
                .orElseThrow(() -> new UnavailableException("ansible-lint is not installed beside ansible-playbook"));
        long millis = config.lintTimeout().toMillis();
        try {
            if (!turn.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                throw new UnavailableException("ansible-lint is busy with another playbook");
            }
            try {
                return lint(program, playbook, millis);
            } finally {
                turn.release();
            }
        } catch (IOException e) {
            throw new UnavailableException("ansible-lint did not run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("ansible-lint was interrupted");
        }
    }

    /** The same where advice is welcome but not needed. */
    public List<Suggestion> suggestOrNone(String playbook) {
        try {
            return suggest(playbook);
        } catch (UnavailableException e) {
            LOG.infof("no suggestions for %s: %s", playbook, e.getMessage());
            return List.of();
        }
    }

    private List<Suggestion> lint(Path program, String playbook, long millis)
            throws IOException, InterruptedException, UnavailableException {
        Path cache = Files.createDirectories(ansible.workDir().resolve("lint"));
        Path output = Files.createTempFile(ansible.workDir(), "lint", ".json");
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            program.toString(), "--offline", "-q", "-f", "json", "--nocolor", "--", playbook)
                    .directory(ansible.repository().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(ansible.environment());
            builder.environment().put("VIRTUAL_ENV", cache.toString()); // keeps its cache out of the repository
            Process process = builder.start();
            if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new UnavailableException(
                        "ansible-lint took longer than " + config.lintTimeout().toSeconds() + " s");
            }
            return parse(Files.readString(output));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    static List<Suggestion> parse(String json) throws UnavailableException {
        List<Suggestion> suggestions = new ArrayList<>();
        try {
            for (JsonNode issue : WireFormat.mapper().readTree(json.isBlank() ? "[]" : json)) {
                String rule = issue.path("check_name").asText();
                JsonNode location = issue.path("location");
                int line = location.path("lines")
                        .path("begin")
                        .asInt(location.path("positions")
                                .path("begin")
                                .path("line")
                                .asInt());
                suggestions.add(new Suggestion(
                        Rules.category(rule),
                        Rules.severity(rule),
                        rule,
                        issue.path("description").asText(),
                        location.path("path").asText(),
                        line));
            }
        } catch (JsonProcessingException e) {
            throw new UnavailableException("ansible-lint's answer is not readable");
        }
        suggestions.sort(Comparator.comparingInt((Suggestion s) -> SEVERITIES.indexOf(s.severity()))
                .thenComparing(Suggestion::path)
                .thenComparingInt(Suggestion::line));
        return suggestions.size() > MAX_SUGGESTIONS ? suggestions.subList(0, MAX_SUGGESTIONS) : suggestions;
    }
}
