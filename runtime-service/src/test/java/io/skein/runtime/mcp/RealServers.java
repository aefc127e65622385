package io.skein.runtime.mcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code src/test/mcp-server}: the protocol's reference server, and one with tools that misbehave, under Node. */
public final class RealServers {

    private static final Path FOLDER = Path.of("src/test/mcp-server").toAbsolutePath();
    private static final Path EVERYTHING = FOLDER.resolve("node_modules/@modelcontextprotocol/server-everything");

    private RealServers() {}

    public static List<String> everything() {
        install();
        return List.of("node", EVERYTHING.resolve("dist/index.js").toString());
    }

    static List<String> unruly() {
        install();
        return List.of("node", FOLDER.resolve("unruly.mjs").toString());
    }

    /** The reference server over streamable HTTP, at {@code http://127.0.0.1:<port>/mcp}. */
    static Process everythingOverHttp(int port) {
        install();
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            "node", EVERYTHING.resolve("dist/index.js").toString(), "streamableHttp")
                    .redirectErrorStream(true);
            builder.environment().put("PORT", String.valueOf(port));
            Process process = builder.start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.contains("listening")) {
                    Thread.ofVirtual().start(() -> said.lines().forEach(more -> {}));
                    return process;
                }
            }
            throw new IllegalStateException("the server did not start");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized void install() {
        if (Files.isDirectory(EVERYTHING)) {
            return;
        }
        try {
            Path log = Path.of("target/mcp-server-install.log");
            int status = new ProcessBuilder("npm", "install", "--no-save", "--no-audit", "--no-fund")
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("npm install failed: see " + log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
