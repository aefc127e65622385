package io.skein.local.fleet;

import io.skein.local.Console;
import io.skein.local.ExitCode;
import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.process.Shell;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Builds the services with Maven when their sources are not the ones of the last build. */
final class ProductBuild {
    private static final List<String> SHARED_MODULES =
            List.of("skein-contracts", "skein-platform", "skein-lock-client");
    private static final Pattern NETWORK =
            Pattern.compile("Could not transfer|Unknown host|UnknownHost|Could not find artifact|Connection refused"
                    + "|Network is unreachable|timed out|ENOTFOUND|EAI_AGAIN|ECONNREFUSED");

    private static final Pattern NO_NODE =
            Pattern.compile("Cannot run program \"(npm|node|npx)\"|(npm|node): not found");
    private static final Pattern MODULE = Pattern.compile("Building Skein :: (\\S.*?) [0-9]\\S* +\\[(\\d+)/(\\d+)]");

    private final FleetHome home;

    ProductBuild(FleetHome home) {
        this.home = home;
    }

    static Path jar(FleetHome home, Service service) {
        return Deployment.built(home, service).resolve("quarkus-run.jar");
    }

    /** Brings the services up to date with their sources. */
    void ensure(Collection<Service> services, Console console) {
        List<Service> outdated =
                services.stream().filter(service -> !isCurrent(service)).toList();
        if (outdated.isEmpty()) {
            return;
        }
        console.say("building "
                + String.join(", ", outdated.stream().map(Service::module).toList())
                + " (the first time takes minutes)");
        run(outdated, console);
    }

    /** Whether the built service is newer than everything it is built from; who built it does not matter. */
    boolean isCurrent(Service service) {
        Path jar = jar(home, service);
        try {
            return Files.exists(jar) && newestSource(service).compareTo(Files.getLastModifiedTime(jar)) <= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sentence for each service that is not built. */
    Optional<String> missing(Collection<Service> services) {
        List<String> names = services.stream()
                .filter(service -> !Files.exists(jar(home, service)))
                .map(Service::module)
                .toList();
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }

    private void run(Collection<Service> services, Console console) {
        String maven = Optional.ofNullable(System.getenv("SKEIN_MAVEN"))
                .or(() -> Shell.find("mvn").map(Path::toString))
                .orElseThrow(() -> new FleetException(
                        ExitCode.MISSING, "There is no Maven on the PATH; install Maven 3.8.6 or newer.", null));
        Path log = home.shared().resolve("build.log");
        String modules = String.join(",", services.stream().map(Service::module).toList());
        ProcessBuilder builder = new ProcessBuilder(
                        maven, "-B", "-ntp", "-Dquick", "-Dmaven.test.skip=true", "-pl", modules, "-am", "package")
                .directory(home.repository().toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            Files.createDirectories(log.getParent());
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            report(process, log, console);
            if (process.waitFor() != 0) {
                throw failure(log);
            }
        } catch (IOException e) {
            throw new FleetException("Maven cannot be started: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    /** Keeps all Maven says and tells which module it is at. */
    private static void report(Process process, Path log, Console console) throws IOException {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter out = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.write(line);
                out.newLine();
                out.flush();
                Matcher module = MODULE.matcher(line);
                if (module.find()) {
                    console.progress(
                            Integer.parseInt(module.group(2)) - 1,
                            Integer.parseInt(module.group(3)),
                            "building " + module.group(1));
                }
            }
        }
    }

    private static FleetException failure(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        List<String> errors =
                lines.stream().filter(line -> line.contains("ERROR")).limit(8).toList();
        String excerpt = String.join("\n", errors.isEmpty() ? tail(lines, 12) : errors);
        if (lines.stream().anyMatch(line -> NO_NODE.matcher(line).find())) {
            return new FleetException(
                    ExitCode.MISSING,
                    "There is no Node on the PATH, which the web page is built with; install Node 20 or newer (whole log: "
                            + log + ").",
                    null);
        }
        boolean network = lines.stream().anyMatch(line -> NETWORK.matcher(line).find());
        return new FleetException(
                network ? ExitCode.MISSING : ExitCode.FAILED,
                (network
                                ? "The build could not fetch what it needs; check the network or Maven's and npm's settings."
                                : "The services do not build.")
                        + " The whole log is " + log + "; it says:\n" + excerpt,
                null);
    }

    static List<String> tail(List<String> lines, int count) {
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    private FileTime newestSource(Service service) throws IOException {
        List<Path> roots = new ArrayList<>();
        Stream.concat(SHARED_MODULES.stream(), Stream.of(service.module()))
                .map(home.repository()::resolve)
                .forEach(module -> roots.addAll(
                        List.of(module.resolve("pom.xml"), module.resolve("src/main"), module.resolve("ansible"))));
        FileTime newest = FileTime.fromMillis(0);
        for (Path root : roots) {
            if (!Files.exists(root)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(ProductBuild::isSource)
                        .filter(Files::isRegularFile)
                        .toList()) {
                    FileTime time = Files.getLastModifiedTime(file);
                    newest = time.compareTo(newest) > 0 ? time : newest;
                }
            }
        }
        return newest;
    }

    private static boolean isSource(Path file) {
        String path = file.toString();
        return !path.contains("/node_modules/") && !path.contains("/webui/dist/") && !path.contains("/__pycache__/");
    }
}
