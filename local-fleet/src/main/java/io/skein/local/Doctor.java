package io.skein.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.local.ansible.AnsibleEnvironment;
import io.skein.local.process.Ports;
import io.skein.local.process.Shell;
import io.skein.local.tests.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code skein doctor}: what this machine has, what it lacks and what to do about it. */
@Command(
        name = "doctor",
        description = {
            "What this machine has and lacks for Skein, and what to do about it.",
            "Exit codes: 0 nothing that is needed is missing, 6 something is."
        },
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long GIB = 1L << 30;

    @ParentCommand
    LocalFleet fleet;

    @Option(names = "--output", defaultValue = "text", description = "text or json.")
    FleetCommands.Status.Output output;

    /**
     * One thing looked at.
     *
     * @param advice what to do when it is not there
     */
    record Finding(String name, boolean ok, boolean needed, String detail, String advice) {}

    @Override
    public Integer call() {
        List<Finding> findings = examine(fleet.home());
        if (output == FleetCommands.Status.Output.JSON) {
            print(findings);
        } else {
            for (Finding finding : findings) {
                String mark = finding.ok() ? "ok     " : finding.needed() ? "MISSING" : "absent ";
                System.out.printf("%s  %-14s %s%n", mark, finding.name(), finding.detail());
                if (!finding.ok()) {
                    System.out.printf("         %-14s -> %s%n", "", finding.advice());
                }
            }
        }
        return findings.stream().anyMatch(finding -> finding.needed() && !finding.ok())
                ? ExitCode.MISSING
                : ExitCode.OK;
    }

    private static void print(List<Finding> findings) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode rows = root.putArray("findings");
        findings.forEach(finding -> rows.addObject()
                .put("name", finding.name())
                .put("ok", finding.ok())
                .put("needed", finding.needed())
                .put("detail", finding.detail())
                .put("advice", finding.ok() ? null : finding.advice()));
        System.out.println(root.toPrettyString());
    }

    private static List<Finding> examine(FleetHome home) {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                "JDK",
                true,
                true,
                System.getProperty("java.version") + " in " + System.getProperty("java.home"),
                "install JDK 25 or newer"));
        findings.add(program(
                "Maven", System.getenv().getOrDefault("SKEIN_MAVEN", "mvn"), true, "install Maven 3.8.6 or newer"));
        findings.add(program("Node", "node", false, "install Node 20 or newer; it builds the web page"));
        findings.add(program("Python", "python3", false, "install Python 3.11 or newer; it runs Ansible"));
        findings.add(program("git", "git", false, "install git to read the audit trail yourself; Skein has its own"));
        findings.add(ansible(home));
        findings.add(rabbit(home));
        findings.add(new Finding(
                "Chromium",
                Chromium.find().isPresent(),
                false,
                Chromium.find().map(Path::toString).orElse("none"),
                "install chromium; without it browser tests are skipped"));
        findings.add(ports(home));
        findings.add(disk(home));
        return findings;
    }

    private static Finding program(String name, String program, boolean needed, String advice) {
        Optional<Path> found = program.contains("/") ? Optional.of(Path.of(program)) : Shell.find(program);
        String version = found.map(
                        path -> Shell.run(List.of(path.toString(), "--version"), Map.of(), Duration.ofSeconds(20))
                                .output()
                                .lines()
                                .findFirst()
                                .orElse("")
                                .replaceAll("\u001b\\[[0-9;]*m", ""))
                .orElse("none");
        return new Finding(name, found.isPresent(), needed, version, advice);
    }

    private static Finding ansible(FleetHome home) {
        AnsibleEnvironment ansible = new AnsibleEnvironment(home);
        return new Finding(
                "Ansible",
                ansible.isPrepared(),
                false,
                ansible.isPrepared() ? "prepared in " + ansible.bin() : "not prepared yet",
                "./skein up prepares it");
    }

    private static Finding rabbit(FleetHome home) {
        boolean unpacked = Files.isDirectory(home.dist().resolve("rabbitmq"));
        boolean installed = Files.isExecutable(Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server"));
        boolean fetchable = Shell.find("apt-get").isPresent();
        return new Finding(
                "RabbitMQ",
                unpacked || installed || fetchable,
                true,
                installed
                        ? "installed"
                        : unpacked ? "unpacked in " + home.dist() : "fetched with apt-get when first needed",
                "install rabbitmq-server, or name a broker of yours with SKEIN_RABBITMQ_URI");
    }

    private static Finding ports(FleetHome home) {
        boolean ours = new Ports(home.profile(LocalFleet.PROFILE).ports()).of("dashboard-ui") == 8080;
        boolean free = Ports.isFree(8080);
        return new Finding(
                "Port 8080",
                free || ours,
                false,
                free ? "free" : ours ? "Skein's front door" : "in use",
                "up takes the next free port instead");
    }

    private static Finding disk(FleetHome home) {
        try {
            long free = Files.getFileStore(home.repository()).getUsableSpace();
            return new Finding(
                    "Disk",
                    free > 3 * GIB,
                    true,
                    "%.1f GiB free".formatted((double) free / GIB),
                    "make room: the build, the servers and Ansible take about 3 GiB");
        } catch (IOException e) {
            return new Finding("Disk", false, true, "unknown: " + e.getMessage(), "check the file system");
        }
    }
}
