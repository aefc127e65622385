package io.skein.runtime.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.jboss.logging.Logger;
import reactor.core.publisher.Mono;

/**
 * MCP over the standard streams of a process of our own: a message per line, each bounded. The process knows nothing of our
 * environment but PATH, HOME and what the operator gave it, and goes, with what it started, when the connection is closed.
 */
final class ProcessTransport implements McpClientTransport {

    private static final Logger LOG = Logger.getLogger(ProcessTransport.class);
    private static final int MAX_UNSENT = 64;
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "TMPDIR");

    private final String name;
    private final List<String> command;
    private final Map<String, String> env;
    private final Runnable gone;
    private final BlockingQueue<String> unsent = new ArrayBlockingQueue<>(MAX_UNSENT);
    private volatile Process process;
    private volatile Thread writer;

    /** @param gone told once when the process does not speak any more */
    ProcessTransport(String name, List<String> command, Map<String, String> env, Runnable gone) {
        this.name = name;
        this.command = command;
        this.env = env;
        this.gone = gone;
    }

    @Override
    public List<String> protocolVersions() {
        return McpJson.VERSIONS;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return Mono.fromRunnable(() -> {
            try {
                ProcessBuilder builder = new ProcessBuilder(command);
                Map<String, String> own = builder.environment();
                own.keySet().retainAll(INHERITED);
                own.putAll(env);
                process = builder.start();
            } catch (IOException e) {
                LOG.warnf("MCP server %s does not start: %s", name, e.getMessage());
                gone.run();
                return;
            }
            // Before the reader, which stops it when the process is gone at once.
            writer = Thread.ofVirtual().name("mcp-" + name + "-out").start(this::write);
            Thread.ofVirtual().name("mcp-" + name + "-in").start(() -> read(handler));
            Thread.ofVirtual().name("mcp-" + name + "-err").start(this::log);
        });
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromRunnable(() -> {
            try {
                // A server that does not read must not stop us: the queue is bounded, and a full one is an error.
                if (!unsent.offer(McpJson.write(message))) {
                    throw new IllegalStateException("the server does not read what it is sent");
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void read(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        try (Reader in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = line(in); line != null; line = line(in)) {
                if (!line.isBlank()) {
                    handle(line, handler);
                }
            }
        } catch (IOException e) {
            LOG.debugf("MCP server %s: %s", name, e.getMessage());
        } finally {
            kill();
            gone.run();
        }
    }

    private void handle(String line, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        try {
            handler.apply(Mono.just(McpJson.read(line)))
                    .subscribe(done -> {}, thrown -> LOG.debugf("MCP server %s: %s", name, thrown.getMessage()));
        } catch (IOException | RuntimeException e) {
            // Some print a greeting where only messages belong.
            LOG.debugf("MCP server %s said something that is no message", name);
        }
    }

    /** Null at the end. BufferedReader's own would take a line of any length. */
    private static String line(Reader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (line.length() >= McpJson.MAX_MESSAGE) {
                throw new IOException("a message longer than " + McpJson.MAX_MESSAGE + " characters");
            }
            line.append((char) c);
        }
        return line.isEmpty() ? null : line.toString();
    }

    private void write() {
        try (OutputStream out = process.getOutputStream()) {
            while (true) {
                out.write((unsent.take() + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException e) {
            LOG.debugf("MCP server %s does not listen: %s", name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it complains of, for whoever looks into why it does not work. */
    private void log() {
        try (Reader in = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = line(in); line != null; line = line(in)) {
                LOG.debugf("MCP server %s: %s", name, line.substring(0, Math.min(line.length(), 500)));
            }
        } catch (IOException e) {
            LOG.tracef("MCP server %s: %s", name, e.getMessage());
        }
    }

    private void kill() {
        Process running = process;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
            writer.interrupt();
        }
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::kill);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return McpJson.MAPPER.convertValue(data, type);
    }
}
