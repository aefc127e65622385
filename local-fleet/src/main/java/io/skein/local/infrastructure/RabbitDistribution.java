package io.skein.local.infrastructure;

import io.skein.local.ExitCode;
import io.skein.local.FleetException;
import io.skein.local.process.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private static final String EXTERNAL = "install rabbitmq-server, or name a broker of yours with SKEIN_RABBITMQ_URI";

    static RabbitDistribution find(Path dist) {
        for (String installed : List.of(
                "/usr/lib/rabbitmq/bin/rabbitmq-server",
                "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
                "/usr/local/opt/rabbitmq/sbin/rabbitmq-server")) {
            if (Files.isExecutable(Path.of(installed)) && hasErlang()) {
                return new RabbitDistribution(Path.of(installed), List.of(), null);
            }
        }
        Path root = followed(dist).resolve("rabbitmq");
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

    /** Where it really lies: checkouts that share the folder by a link must not take each other's tree for one that moved. */
    private static Path followed(Path dist) {
        try {
            return (Files.isDirectory(dist) ? dist : Files.createDirectories(dist)).toRealPath();
        } catch (IOException e) {
            throw new FleetException("Cannot use " + dist + ": " + e.getMessage() + ".", e);
        }
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
        DebianPackages packages = new DebianPackages("RabbitMQ", EXTERNAL);
        packages.unpack(folder, "rabbitmq-server", OURS, List.of("erlang-base", "erlang-crypto"));
        pointErlangTo(folder, destination);
        collectLibraries(folder);
        Files.writeString(folder.resolve("unpacked-for"), destination.toString());
    }

    /** Debian's Erlang scripts name their root absolutely. */
    private static void pointErlangTo(Path folder, Path destination) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("usr/lib/erlang"))) {
            for (Path script : files.filter(Files::isRegularFile)
                    .filter(path ->
                            path.getParent().endsWith("bin") && !path.toString().endsWith(".boot"))
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
}
