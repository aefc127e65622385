package io.skein.local.infrastructure;

import io.skein.local.ExitCode;
import io.skein.local.FleetException;
import io.skein.local.process.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * RabbitMQ's programs: the installed ones, else Debian's packages fetched with apt's own client and unpacked in our folder.
 * Needs no root, leaves the system's package database and lists alone.
 *
 * @param server the rabbitmq-server script itself, not the wrapper that changes to another user
 * @param path folders to put first on the PATH
 * @param libraries folder of shared libraries the system lacks, or null
 */
record RabbitDistribution(Path server, List<Path> path, Path libraries) {
    private static final Pattern OURS = Pattern.compile("(erlang-|rabbitmq-server$|libsctp).*");
    private static final String DEBIAN_ERLANG = "/usr/lib/erlang";

    static RabbitDistribution find(Path dist) {
        for (String installed : List.of(
                "/usr/lib/rabbitmq/bin/rabbitmq-server",
                "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
                "/usr/local/opt/rabbitmq/sbin/rabbitmq-server")) {
            if (Files.isExecutable(Path.of(installed)) && hasErlang()) {
                return new RabbitDistribution(Path.of(installed), List.of(), null);
            }
        }
        Path root = dist.resolve("rabbitmq");
        if (dist.toString().contains(" ")) {
            throw new FleetException(
                    ExitCode.MISSING,
                    "RabbitMQ's scripts cannot run from a folder with a space in its name (" + dist
                            + "); set SKEIN_HOME to one without.",
                    null);
        }
        if (Files.isDirectory(root) && !unpackedHere(root)) {
            Unpacking.delete(root); // the tree was moved and its scripts still point to where it was
        }
        Unpacking.once(root, folder -> fetch(folder, root));
        Path libraries = root.resolve("lib");
        return new RabbitDistribution(
                root.resolve("usr/lib/rabbitmq/bin/rabbitmq-server"),
                List.of(root.resolve("usr/lib/erlang/bin")),
                Files.isDirectory(libraries) ? libraries : null);
    }

    private static boolean hasErlang() {
        return Shell.find("erl").isPresent() && Shell.find("epmd").isPresent();
    }

    private static boolean unpackedHere(Path root) {
        try {
            return Files.readString(root.resolve("unpacked-for")).equals(root.toString());
        } catch (IOException e) {
            return false;
        }
    }

    private static void fetch(Path folder, Path destination) throws IOException {
        if (Shell.find("apt-get").isEmpty() || Shell.find("dpkg").isEmpty()) {
            throw new FleetException(
                    ExitCode.MISSING,
                    "RabbitMQ is not installed and this machine has no apt-get to fetch it with; install rabbitmq-server,"
                            + " or name a broker with SKEIN_RABBITMQ_URI and SKEIN_RABBITMQ_MANAGEMENT_URL.",
                    null);
        }
        Path apt = Files.createDirectories(folder.resolve("apt"));
        Path debs = Files.createDirectories(apt.resolve("debs"));
        Files.createDirectories(apt.resolve("state/lists/partial"));
        Files.createDirectories(apt.resolve("cache/archives/partial"));
        List<String> options = List.of(
                "-o", "Dir::State=" + apt.resolve("state"),
                "-o", "Dir::State::lists=" + apt.resolve("state/lists"),
                "-o", "Dir::State::status=/var/lib/dpkg/status",
                "-o", "Dir::Cache=" + apt.resolve("cache"),
                "-o", "Debug::NoLocking=1",
                "-o", "Acquire::Languages=none",
                "-o", "Acquire::Retries=3",
                "-o", "APT::Sandbox::User=" + System.getProperty("user.name"));
        check(apt("apt-get", options, apt, "-qq", "update"), "the package lists cannot be read");

        TreeSet<String> wanted = new TreeSet<>();
        apt(
                        "apt-cache",
                        options,
                        apt,
                        "depends",
                        "--recurse",
                        "--no-recommends",
                        "--no-suggests",
                        "--no-conflicts",
                        "--no-breaks",
                        "--no-replaces",
                        "--no-enhances",
                        "rabbitmq-server")
                .output()
                .lines()
                .filter(line -> OURS.matcher(line).matches())
                .forEach(wanted::add);
        // Shared libraries Erlang links to and this machine lacks.
        apt("apt-get", options, apt, "--simulate", "--no-install-recommends", "install", "erlang-base", "erlang-crypto")
                .output()
                .lines()
                .filter(line -> line.startsWith("Inst lib"))
                .map(line -> line.split(" ")[1])
                .forEach(wanted::add);
        if (!wanted.contains("rabbitmq-server")) {
            throw new FleetException(
                    ExitCode.MISSING,
                    "No package source of this machine offers rabbitmq-server; check the network and apt's sources, or name"
                            + " a broker with SKEIN_RABBITMQ_URI and SKEIN_RABBITMQ_MANAGEMENT_URL.",
                    null);
        }
        List<String> download = new ArrayList<>(List.of("-qq", "download"));
        download.addAll(wanted);
        check(apt("apt-get", options, debs, download.toArray(String[]::new)), "RabbitMQ cannot be downloaded");

        try (Stream<Path> files = Files.list(debs)) {
            for (Path deb : files.toList()) {
                check(
                        Shell.run(
                                List.of("dpkg", "-x", deb.toString(), folder.toString()),
                                Map.of(),
                                Duration.ofMinutes(1)),
                        "cannot unpack " + deb.getFileName());
            }
        }
        Unpacking.delete(apt);
        pointErlangTo(folder, destination);
        collectLibraries(folder);
        Files.writeString(folder.resolve("unpacked-for"), destination.toString());
    }

    /** Debian's Erlang scripts name their root absolutely. */
    private static void pointErlangTo(Path folder, Path destination) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("usr/lib/erlang"))) {
            for (Path script : files.filter(Files::isRegularFile)
                    .filter(path -> path.getParent().endsWith("bin") && !path.toString().endsWith(".boot"))
                    .toList()) {
                byte[] bytes = Files.readAllBytes(script);
                if (bytes.length > 2 && bytes[0] == '#' && bytes[1] == '!') {
                    String text = new String(bytes, StandardCharsets.UTF_8);
                    Files.writeString(script, text.replace(DEBIAN_ERLANG, destination + DEBIAN_ERLANG));
                }
            }
        }
    }

    private static void collectLibraries(Path folder) throws IOException {
        List<Path> libraries;
        try (Stream<Path> files = Files.walk(folder)) {
            libraries = files.filter(path -> path.getFileName().toString().matches("lib.+\\.so\\.[0-9.]+"))
                    .toList();
        }
        for (Path library : libraries) {
            Path lib = Files.createDirectories(folder.resolve("lib"));
            Files.copy(library, lib.resolve(library.getFileName()));
        }
    }

    private static Shell.Result apt(String program, List<String> options, Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(options);
        command.addAll(List.of(arguments));
        return Shell.run(
                command, Map.of("LC_ALL", "C", "DEBIAN_FRONTEND", "noninteractive"), directory, Duration.ofMinutes(5));
    }

    private static void check(Shell.Result result, String what) {
        if (!result.ok()) {
            throw new FleetException(
                    ExitCode.MISSING,
                    "RabbitMQ is not installed and " + what + " (" + result.lastLine()
                            + "); check the network, install rabbitmq-server, or name a broker with SKEIN_RABBITMQ_URI and"
                            + " SKEIN_RABBITMQ_MANAGEMENT_URL.",
                    null);
        }
    }
}
