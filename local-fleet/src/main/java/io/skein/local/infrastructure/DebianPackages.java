package io.skein.local.infrastructure;

import io.skein.local.ExitCode;
import io.skein.local.FleetException;
import io.skein.local.process.Shell;
import java.io.IOException;
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
 * Programs out of Debian's packages, unpacked into a folder of ours with apt's own client. Needs no root and leaves the
 * system's package database and lists alone, which on a fresh machine are empty anyway.
 *
 * @param what it is for, in messages
 * @param otherwise what a person can do instead
 */
public record DebianPackages(String what, String otherwise) {

    /**
     * Fetches a package with those of its dependencies that match, and the shared libraries some of them need and this
     * machine lacks.
     */
    public void unpack(Path folder, String root, Pattern ours, List<String> needingLibraries) throws IOException {
        if (Shell.find("apt-get").isEmpty() || Shell.find("dpkg").isEmpty()) {
            throw missing("this machine has no apt-get to fetch it with");
        }
        Path apt = Files.createDirectories(folder.resolve("apt"));
        Path debs = Files.createDirectories(apt.resolve("debs"));
        Files.createDirectories(apt.resolve("state/lists/partial"));
        Files.createDirectories(apt.resolve("cache/archives/partial"));
        List<String> options = options(apt);
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
                        root)
                .output()
                .lines()
                .filter(line -> ours.matcher(line).matches())
                .forEach(wanted::add);
        if (!needingLibraries.isEmpty()) {
            List<String> simulate = new ArrayList<>(List.of("--simulate", "--no-install-recommends", "install"));
            simulate.addAll(needingLibraries);
            apt("apt-get", options, apt, simulate.toArray(String[]::new))
                    .output()
                    .lines()
                    .filter(line -> line.startsWith("Inst lib"))
                    .map(line -> line.split(" ")[1])
                    .forEach(wanted::add);
        }
        if (!wanted.contains(root)) {
            throw missing("no package source of this machine offers " + root);
        }
        List<String> download = new ArrayList<>(List.of("-qq", "download"));
        download.addAll(wanted);
        check(apt("apt-get", options, debs, download.toArray(String[]::new)), "its packages cannot be downloaded");

        try (Stream<Path> files = Files.list(debs)) {
            for (Path deb : files.toList()) {
                check(
                        Shell.run(
                                List.of("dpkg", "-x", deb.toString(), folder.toString()),
                                Map.of(),
                                Duration.ofMinutes(1)),
                        deb.getFileName() + " cannot be unpacked");
            }
        }
        Unpacking.delete(apt);
    }

    private static List<String> options(Path apt) {
        return List.of(
                "-o",
                "Dir::State=" + apt.resolve("state"),
                "-o",
                "Dir::State::lists=" + apt.resolve("state/lists"),
                "-o",
                "Dir::State::status=/var/lib/dpkg/status",
                "-o",
                "Dir::Cache=" + apt.resolve("cache"),
                "-o",
                "Debug::NoLocking=1",
                "-o",
                "Acquire::Languages=none",
                "-o",
                "Acquire::Retries=3",
                // As root apt would drop to a user that may not write here.
                "-o",
                "APT::Sandbox::User=" + System.getProperty("user.name"));
    }

    private static Shell.Result apt(String program, List<String> options, Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(options);
        command.addAll(List.of(arguments));
        return Shell.run(
                command, Map.of("LC_ALL", "C", "DEBIAN_FRONTEND", "noninteractive"), directory, Duration.ofMinutes(5));
    }

    private void check(Shell.Result result, String failure) {
        if (!result.ok()) {
            throw missing(failure + " (" + result.lastLine() + ")");
        }
    }

    private FleetException missing(String why) {
        return new FleetException(
                ExitCode.MISSING,
                what + " is not installed and " + why + "; check the network, or " + otherwise + ".",
                null);
    }
}
