package io.skein.local.tests;

import io.skein.local.Console;
import io.skein.local.ExitCode;
import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.ansible.AnsibleEnvironment;
import io.skein.local.infrastructure.ExternalServers;
import io.skein.local.infrastructure.Infrastructure;
import io.skein.local.process.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ./skein test}: brings up what the suite needs, runs Maven, counts. */
public final class TestRun {
    private final FleetHome home;
    private final Console console;

    public TestRun(FleetHome home, Console console) {
        this.home = home;
        this.console = console;
    }

    /** The exit code: 0 only when Maven was content and no test failed. */
    public int run(List<String> mavenArguments) {
        String maven = Optional.ofNullable(System.getenv("SKEIN_MAVEN"))
                .or(() -> Shell.find("mvn").map(Path::toString))
                .orElseThrow(() -> new FleetException(
                        ExitCode.MISSING, "There is no Maven on the PATH; install Maven 3.8.6 or newer.", null));
        new Infrastructure(home, home.profile("test"), ExternalServers.NONE, List.of()).up(console);
        Path ansible = new AnsibleEnvironment(home).prepare(console);
        Optional<Path> chromium = Chromium.findOrInstall(console);
        if (chromium.isEmpty()) {
            console.warn(
                    "skein: there is no Chromium; browser tests are skipped (install chromium, or set SKEIN_CHROMIUM).");
        }

        Optional<Path> fakeTime = FakeTimeLibrary.findOrFetch(home.dist(), console);
        if (fakeTime.isEmpty()) {
            console.warn("skein: there is no libfaketime; no clock is set wrong in the tests of the locks.");
        }

        Map<String, String> found = new HashMap<>();
        found.put("JAVA_HOME", System.getProperty("java.home"));
        found.put("SKEIN_TEST_ANSIBLE_BIN", ansible.toString());
        chromium.ifPresent(path -> found.put("SKEIN_CHROMIUM", path.toString()));
        fakeTime.ifPresent(path -> found.put("SKEIN_TEST_FAKETIME", path.toString()));
        List<String> command =
                new ArrayList<>(List.of(maven, "-B", "-ntp", "--fail-at-end", "-Dmaven.test.failure.ignore=true"));
        command.addAll(mavenArguments);
        if (mavenArguments.stream().noneMatch(TestRun::isPhase)) {
            command.add("verify");
        }
        Instant start = Instant.now().minusSeconds(1); // file times are coarser than the clock
        int exit = execute(command, found);
        TestReports reports;
        try {
            reports = TestReports.read(home.repository(), start);
        } catch (IOException e) {
            throw new FleetException("The test reports cannot be read: " + e.getMessage() + ".", e);
        }
        System.out.println();
        reports.complaints().forEach(complaint -> System.out.println("FAILED " + complaint));
        if (exit != 0) {
            System.out.println("The build itself failed; see Maven's messages above.");
        }
        System.out.printf("%d passed, %d failed, %d skipped%n", reports.passed(), reports.failed(), reports.skipped());
        System.out.flush();
        return exit == 0 && reports.failed() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private int execute(List<String> command, Map<String, String> found) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.repository().toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(found);
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            return process.waitFor();
        } catch (IOException e) {
            throw new FleetException("Maven cannot be started: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    /** Whether somebody asked for a phase or goal of their own. */
    private static boolean isPhase(String argument) {
        return argument.matches("(validate|compile|test|package|verify|install|[\\w.-]+:[\\w:.-]+)");
    }
}
