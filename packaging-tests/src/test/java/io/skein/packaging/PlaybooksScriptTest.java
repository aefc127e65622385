package io.skein.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-01: a git URL or reference is an address and a name, never an option and never a command. The real script, the real git. */
class PlaybooksScriptTest {

    @TempDir
    Path folder;

    private Path canary;
    private Path local;

    private record Run(int exitCode, String said) {}

    @BeforeEach
    void makeARepository() throws Exception {
        canary = folder.resolve("canary");
        local = folder.resolve("local");
        Files.createDirectories(local);
        assertEquals(
                0,
                run(
                                "git init -q -b main . && echo x > secret.yml && git add . && git -c user.name=t -c user.email=t@t commit -qm x",
                                local,
                                Map.of())
                        .exitCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext::sh -c touch% CANARY",
                "ext::sh%20-c%20id",
                "--upload-pack=touch CANARY;",
                "--upload-pack=touch${IFS}CANARY",
                "-oProxyCommand=x@host:path",
                "git@-oProxyCommand=touch:path",
                "ssh://-oProxyCommand=touch/x",
                "ssh://git@-oProxyCommand=touch/x",
                "file://LOCAL",
                "LOCAL",
                "./local",
                "http://git.example/playbooks.git",
                "git://git.example/playbooks.git",
                "ftp://git.example/playbooks.git",
                "fd::17",
                "https://",
                "git.example:playbooks",
                "https://git.example/a b",
                "https://git.example/a\nb",
                "$(touch CANARY)@host:path",
                "`touch CANARY`@host:path"
            })
    void whatIsNoAddressOfAServerIsRefused(String url) throws Exception {
        Run run = script(url.replace("CANARY", canary.toString()).replace("LOCAL", local.toString()), "main");
        assertEquals(2, run.exitCode(), run.said());
        assertTrue(run.said().contains("playbooks: refused"), run.said());
        assertNothingHappened();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--upload-pack=touch CANARY",
                "-x",
                "",
                "+refs/heads/*:refs/heads/*",
                "main:refs/heads/other",
                "a..b",
                "a b",
                "main;touch CANARY",
                "$(touch CANARY)",
                "../main"
            })
    void whatIsNoNameOfABranchIsRefused(String ref) throws Exception {
        Run run = script("https://git.example/playbooks.git", ref.replace("CANARY", canary.toString()));
        assertEquals(2, run.exitCode(), run.said());
        assertTrue(run.said().contains("playbooks: refused"), run.said());
        assertNothingHappened();
    }

    @ParameterizedTest
    @CsvSource({
        // Nobody listens on port 1: git itself says so, which means that it was asked.
        "https://127.0.0.1:1/ops/playbooks.git, main",
        "https://127.0.0.1:1/ops/playbooks.git, release/2026.11_x-1"
    })
    void anAddressOfAServerIsAsked(String url, String ref) throws Exception {
        Run run = script(url, ref);
        assertNotEquals(0, run.exitCode());
        assertFalse(run.said().contains("refused:"), run.said());
        assertTrue(run.said().contains("unable to access"), run.said());
    }

    @ParameterizedTest
    @ValueSource(strings = {"git@git.example:ops/playbooks.git", "ssh://git@git.example:2222/ops/playbooks.git"})
    void sshIsAsked(String url) throws Exception {
        Files.writeString(folder.resolve("ssh"), "#!/bin/sh\necho \"asked $*\" >> " + canary + "\nexit 1\n");
        assertTrue(folder.resolve("ssh").toFile().setExecutable(true));
        Run run = script(url, "main", Map.of("GIT_SSH", folder.resolve("ssh").toString()));
        assertNotEquals(2, run.exitCode(), run.said());
        assertTrue(Files.readString(canary).contains("git@git.example"), run.said());
    }

    /** Planted: without the refusals and the two dashes an option in the place of the URL is a command that runs. */
    @Test
    void theScriptOfBeforeWouldFailTheseTests() throws Exception {
        String weak = Repository.read(Repository.CHART.resolve("files/playbooks.sh"))
                .replaceAll("(?m)refuse \"[^\"]*\"", "true")
                .replaceAll("(?m)^export GIT_ALLOW_PROTOCOL.*$", "")
                .replace("-- \"$URL\" \"$REF\"", "\"$URL\" \"$REF\"");
        runScript(weak, Map.of("URL", "--upload-pack=touch " + canary + ";", "REF", local.toString()));
        assertTrue(Files.exists(canary), "the planted script ran no command");
        Run read = runScript(weak, Map.of("URL", "file://" + local, "REF", "main"));
        assertEquals(0, read.exitCode(), read.said());
        assertTrue(Files.exists(folder.resolve("playbooks/secret.yml")));
    }

    private void assertNothingHappened() {
        assertFalse(Files.exists(canary), "a command ran");
        assertFalse(Files.exists(folder.resolve("playbooks/secret.yml")), "a local repository was read");
    }

    private Run script(String url, String ref) throws Exception {
        return script(url, ref, Map.of());
    }

    private Run script(String url, String ref, Map<String, String> more) throws Exception {
        Map<String, String> environment = new java.util.TreeMap<>(more);
        environment.put("URL", url);
        environment.put("REF", ref);
        return runScript(Repository.read(Repository.CHART.resolve("files/playbooks.sh")), environment);
    }

    private Run runScript(String script, Map<String, String> environment) throws Exception {
        return run(script.replace("/work/playbooks", folder.resolve("playbooks").toString()), folder, environment);
    }

    private Run run(String script, Path directory, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", script)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the script does not end");
        return new Run(process.exitValue(), said);
    }
}
