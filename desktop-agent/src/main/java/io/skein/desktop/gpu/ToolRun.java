package io.skein.desktop.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Runs a vendor's tool, without a shell, and never for longer than it may take: a driver that hangs must not silence the
 * heartbeat. An absent tool is looked for again only now and then.
 */
final class ToolRun {

    private static final Logger LOG = Logger.getLogger(ToolRun.class);
    private static final int MAX_OUTPUT_BYTES = 256 * 1024;
    private static final int SKIPS_WHEN_ABSENT = 20;

    private final List<String> command;
    private final Duration timeout;
    private int skips;
    private boolean complained;

    ToolRun(Duration timeout, String... command) {
        this.timeout = timeout;
        this.command = List.of(command);
    }

    /** Standard output of a run that ended with 0 in time; empty otherwise. */
    synchronized Optional<String> output() {
        if (skips > 0) {
            skips--;
            return Optional.empty();
        }
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("LC_ALL", "C");
            process = builder.start();
        } catch (IOException e) {
            LOG.debugf("%s is not here: %s", command.getFirst(), e.getMessage());
            skips = SKIPS_WHEN_ABSENT;
            return Optional.empty();
        }
        try {
            process.getOutputStream().close();
            CompletableFuture<byte[]> output = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    output.complete(process.getInputStream().readNBytes(MAX_OUTPUT_BYTES));
                } catch (IOException | UncheckedIOException e) {
                    output.completeExceptionally(e);
                }
            });
            byte[] bytes = output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return complain("did not end within " + timeout.toMillis() + " ms");
            }
            if (process.exitValue() != 0) {
                return complain("ended with exit code " + process.exitValue());
            }
            complained = false;
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (TimeoutException e) {
            return complain("gave no answer within " + timeout.toMillis() + " ms");
        } catch (IOException | ExecutionException e) {
            return complain("could not be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }

    private Optional<String> complain(String what) {
        if (!complained) {
            LOG.warnf("%s %s: its GPUs are left out of the heartbeat until it answers", command.getFirst(), what);
            complained = true;
        }
        return Optional.empty();
    }
}
