package io.skein.local.ansible;

import io.skein.local.Console;
import io.skein.local.ExitCode;
import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.infrastructure.DebianPackages;
import io.skein.local.process.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder with ansible-playbook, ansible-inventory, ansible-lint and python3. In this order: what is on the PATH when it is
 * new enough, a virtual environment with the pinned versions, Debian's packages unpacked in our folder.
 */
public final class AnsibleEnvironment {
    private static final List<String> PROGRAMS =
            List.of("ansible", "ansible-playbook", "ansible-inventory", "ansible-galaxy", "ansible-lint");
    private static final Pattern CORE_VERSION = Pattern.compile("\\[core (\\d+)\\.(\\d+)");
    private static final Pattern DEBIAN_PACKAGES = Pattern.compile("(ansible|python3-|yamllint).*");
    private static final int OLDEST_MINOR = 16; // ansible-core 2.16: the first whose callback events we read
    private static final int OLDEST_PYTHON_MINOR = 11; // what the pinned ansible-core needs

    private final FleetHome home;
    private final Path folder;

    public AnsibleEnvironment(FleetHome home) {
        this.home = home;
        this.folder = home.ansible();
    }

    /** Makes it when it is missing or was made from other requirements. */
    public Path prepare(Console console) {
        String stamp = stamp();
        if (stamp.equals(read(folder.resolve("stamp"))) && Files.isExecutable(playbookProgram())) {
            return bin();
        }
        delete(folder);
        Optional<Path> installed = installedOnes();
        if (installed.isPresent()) {
            console.say("using the Ansible in " + installed.get());
            link(installed.get());
        } else {
            make(console);
        }
        write(folder.resolve("stamp"), stamp);
        return bin();
    }

    /** Folder with the programs, prepared or not. */
    public Path bin() {
        return folder.resolve("bin");
    }

    public boolean isPrepared() {
        return Files.isExecutable(playbookProgram());
    }

    private Path playbookProgram() {
        return bin().resolve("ansible-playbook");
    }

    private void make(Console console) {
        Optional<Path> python = python();
        String reason;
        if (python.isEmpty()) {
            reason = "there is no Python 3." + OLDEST_PYTHON_MINOR + " or newer";
        } else {
            console.say("preparing Ansible in " + folder + " (once)");
            Optional<String> failure = virtualEnvironment(python.get());
            if (failure.isEmpty()) {
                return;
            }
            reason = failure.get();
        }
        console.say("no virtual environment (" + reason + "); trying Debian's packages");
        delete(folder);
        try {
            debianPackages();
        } catch (FleetException e) {
            throw new FleetException(
                    ExitCode.MISSING,
                    "Ansible cannot be prepared: " + reason + ", and Debian's packages did not help either ("
                            + e.getMessage().replaceAll("[.]$", "")
                            + "). Install ansible-core 2.16 or newer and ansible-lint, or give this machine a network.",
                    e);
        }
    }

    /** Empty when it worked, else why not. */
    private Optional<String> virtualEnvironment(Path python) {
        Shell.Result made =
                Shell.run(List.of(python.toString(), "-m", "venv", folder.toString()), Map.of(), Duration.ofMinutes(2));
        if (!made.ok()) {
            return Optional.of("Python cannot make one: " + made.lastLine() + " (on Debian: install python3-venv)");
        }
        Shell.Result installed = Shell.run(
                List.of(
                        bin().resolve("python3").toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "--requirement",
                        requirements().toString()),
                Map.of(),
                Duration.ofMinutes(10));
        if (!installed.ok()) {
            return Optional.of("pip failed: " + installed.lastLine());
        }
        Shell.Result runs =
                Shell.run(List.of(playbookProgram().toString(), "--version"), Map.of(), Duration.ofMinutes(1));
        return runs.ok() ? Optional.empty() : Optional.of("ansible-playbook does not run: " + runs.lastLine());
    }

    private void debianPackages() {
        Path python = Path.of("/usr/bin/python3"); // its compiled modules fit Debian's own Python only
        if (!Files.isExecutable(python)) {
            throw new FleetException("Debian's python3 is not installed.");
        }
        try {
            Path root = Files.createDirectories(folder.resolve("debian"));
            DebianPackages packages = new DebianPackages("Ansible", "install ansible-core and ansible-lint");
            packages.unpack(root, "ansible-core", DEBIAN_PACKAGES, List.of());
            packages.unpack(root, "ansible-lint", DEBIAN_PACKAGES, List.of());
            Files.createDirectories(bin());
            for (String program : PROGRAMS) {
                Path wrapper = bin().resolve(program);
                Files.writeString(wrapper, """
                        #!/bin/sh
                        PYTHONPATH='%s' exec %s '%s' "$@"
                        """.formatted(
                                root.resolve("usr/lib/python3/dist-packages"),
                                python,
                                root.resolve("usr/bin").resolve(program)));
                Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Files.createSymbolicLink(bin().resolve("python3"), python);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.Result runs =
                Shell.run(List.of(playbookProgram().toString(), "--version"), Map.of(), Duration.ofMinutes(1));
        if (!runs.ok()) {
            throw new FleetException("ansible-playbook does not run: " + runs.lastLine() + ".");
        }
    }

    /** Folder on the PATH with a new enough ansible-playbook, beside which ansible-lint is found too. */
    private static Optional<Path> installedOnes() {
        Optional<Path> playbook = Shell.find("ansible-playbook");
        if (playbook.isEmpty()
                || Shell.find("ansible-lint").isEmpty()
                || Shell.find("ansible-inventory").isEmpty()) {
            return Optional.empty();
        }
        Shell.Result version =
                Shell.run(List.of(playbook.get().toString(), "--version"), Map.of(), Duration.ofSeconds(30));
        return version.ok() && isNewEnough(version.output())
                ? Optional.of(playbook.get().getParent())
                : Optional.empty();
    }

    static boolean isNewEnough(String versionOutput) {
        Matcher matcher = CORE_VERSION.matcher(versionOutput);
        return matcher.find()
                && (Integer.parseInt(matcher.group(1)) > 2 || Integer.parseInt(matcher.group(2)) >= OLDEST_MINOR);
    }

    private void link(Path installed) {
        try {
            Files.createDirectories(bin());
            for (String program : PROGRAMS) {
                Optional<Path> found = Files.isExecutable(installed.resolve(program))
                        ? Optional.of(installed.resolve(program))
                        : Shell.find(program);
                if (found.isPresent()) {
                    Files.createSymbolicLink(bin().resolve(program), found.get());
                }
            }
            Files.createSymbolicLink(bin().resolve("python3"), interpreterOf(installed.resolve("ansible-playbook")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path interpreterOf(Path script) throws IOException {
        try (Stream<String> lines = Files.lines(script, StandardCharsets.ISO_8859_1)) {
            String first = lines.findFirst().orElse("");
            Path named =
                    Path.of(first.startsWith("#!") ? first.substring(2).strip().split(" ")[0] : "");
            if (named.getFileName() != null
                    && named.getFileName().toString().startsWith("python")
                    && Files.isExecutable(named)) {
                return named;
            }
        }
        return Shell.find("python3").orElse(Path.of("/usr/bin/python3"));
    }

    /** The newest Python that is new enough; the one called python3 first, because people expect it. */
    static Optional<Path> python() {
        for (String name : List.of("python3", "python3.14", "python3.13", "python3.12", "python3.11")) {
            Optional<Path> program = Shell.find(name);
            if (program.isPresent()
                    && Shell.run(
                                    List.of(
                                            program.get().toString(),
                                            "-c",
                                            "import sys; sys.exit(sys.version_info < (3, " + OLDEST_PYTHON_MINOR
                                                    + "))"),
                                    Map.of(),
                                    Duration.ofSeconds(20))
                            .ok()) {
                return program;
            }
        }
        return Optional.empty();
    }

    private Path requirements() {
        return home.repository().resolve("infra-agent-service/ansible/requirements.txt");
    }

    private String stamp() {
        try {
            List<String> parts = new ArrayList<>(List.of(folder.toString()));
            parts.add(HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                            .digest(Files.readAllBytes(requirements()))));
            return String.join(" ", parts);
        } catch (IOException e) {
            throw new FleetException("The list of Ansible's pinned packages is missing: " + requirements() + ".", e);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
