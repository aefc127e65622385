package io.skein.runtime.mcp;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.skein.platform.net.OutboundHttp;
import io.skein.platform.net.RefusedAddressException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jboss.logging.Logger;
import reactor.core.publisher.Mono;

/**
 * A configured server, and the connection to it while there is one. <pre>
 *   away ──ask──► connected ──died, hung, closed──► away, not asked again for 1 s, 2 s, .. 30 s while it fails to come
 * </pre>
 */
final class McpServer {

    private static final Logger LOG = Logger.getLogger(McpServer.class);
    private static final int MAX_PAGES = 10;
    private static final int MAX_TOOLS = 200;
    private static final int MAX_DOUBLINGS = 5;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    static final Duration LONGEST_START = Duration.ofSeconds(30);

    /** How a transport is made; it runs the action when the other side is gone. */
    @FunctionalInterface
    interface Transports {
        McpClientTransport open(ServerSettings settings, Runnable gone);
    }

    /** The server cannot be asked, or gave no answer. */
    static final class Away extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean asked;
        private final boolean late;

        Away(String message, boolean asked, boolean late, Throwable cause) {
            super(message, cause);
            this.asked = asked;
            this.late = late;
        }

        /** Whether it may have begun what it was asked for. */
        boolean wasAsked() {
            return asked;
        }

        boolean isLate() {
            return late;
        }
    }

    private record Connection(
            McpAsyncClient client, CompletableFuture<Object> gone, Map<String, McpSchema.Tool> tools) {}

    private final ServerSettings settings;
    private final Transports transports;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Connection connection;
    private CompletableFuture<Connection> coming;
    private volatile Map<String, McpSchema.Tool> lastTools = Map.of();
    private volatile int failures;
    private volatile long notBefore = System.nanoTime();
    private volatile boolean closed;

    McpServer(ServerSettings settings, Transports transports) {
        this.settings = settings;
        this.transports = transports;
    }

    ServerSettings settings() {
        return settings;
    }

    /** Those it told of last, also when it is away now. */
    Map<String, McpSchema.Tool> lastTools() {
        return lastTools;
    }

    /** Connects when there is no connection, and waits for that as long as it may. */
    Map<String, McpSchema.Tool> tools(Duration within) throws Away {
        return connected(within).tools();
    }

    McpSchema.CallToolResult call(McpSchema.CallToolRequest request, Duration within) throws Away {
        Connection to = connected(within);
        Duration longest = within.compareTo(settings.timeout()) < 0 ? within : settings.timeout();
        calls.incrementAndGet();
        try {
            return wait(to, to.client().callTool(request), longest);
        } catch (Away e) {
            // What hangs goes on for ever otherwise; the others that wait for it would be cut off with it.
            if (e.isLate() && calls.get() == 1) {
                drop(to);
            }
            throw e;
        } finally {
            calls.decrementAndGet();
        }
    }

    private Connection connected(Duration within) throws Away {
        Connection current = connection;
        if (isUp(current)) {
            return current;
        }
        CompletableFuture<Connection> made = coming();
        try {
            return made.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Away("The MCP server " + settings.name() + " did not start in time.", false, true, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Away away) {
                throw new Away(away.getMessage(), false, away.isLate(), away);
            }
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the MCP server is not waited for any more");
        }
    }

    /** The connection in the making, by a thread of its own: who does not wait for it any more stops nobody else. */
    private CompletableFuture<Connection> coming() throws Away {
        lock.lock();
        try {
            if (isUp(connection)) {
                return CompletableFuture.completedFuture(connection);
            }
            if (coming == null || coming.isDone()) {
                if (closed || System.nanoTime() - notBefore < 0) {
                    throw new Away("The MCP server " + settings.name() + " is away.", false, false, null);
                }
                CompletableFuture<Connection> next = new CompletableFuture<>();
                coming = next;
                Thread.ofVirtual().name("mcp-" + settings.name() + "-connect").start(() -> connect(next));
            }
            return coming;
        } finally {
            lock.unlock();
        }
    }

    private void connect(CompletableFuture<Connection> next) {
        try {
            Connection made = connect();
            lock.lock();
            try {
                connection = made;
            } finally {
                lock.unlock();
            }
            if (closed) {
                drop(made);
            }
            next.complete(made);
        } catch (Away | RuntimeException | Error e) {
            next.completeExceptionally(e);
        }
    }

    private static boolean isUp(Connection connection) {
        return connection != null && !connection.gone().isDone();
    }

    private Connection connect() throws Away {
        long until = System.nanoTime() + LONGEST_START.toNanos();
        CompletableFuture<Object> gone = new CompletableFuture<>();
        McpClientTransport transport = transports.open(settings, () -> gone.completeExceptionally(new Gone()));
        McpAsyncClient client = McpClient.async(transport)
                .clientInfo(new McpSchema.Implementation("skein", "1"))
                // Ours is shorter, and each call's own.
                .requestTimeout(settings.timeout().plus(LONGEST_START))
                .initializationTimeout(LONGEST_START)
                .jsonSchemaValidator(NOT_OURS_TO_CHECK)
                .build();
        Connection made = new Connection(client, gone, new LinkedHashMap<>());
        try {
            wait(made, client.initialize(), LONGEST_START);
            list(made, until);
        } catch (Away e) {
            notNow(client, e);
            throw new Away(e.getMessage(), false, e.isLate(), e);
        } catch (RuntimeException e) {
            notNow(client, e);
            throw e;
        }
        failures = 0;
        lastTools = Map.copyOf(made.tools());
        gone.whenComplete((never, thrown) -> drop(made));
        LOG.infof("MCP server %s offers %s", settings.name(), made.tools().keySet());
        return made;
    }

    private void notNow(McpAsyncClient client, Exception thrown) {
        failures++;
        long pause = Math.min(1000L << Math.min(failures - 1, MAX_DOUBLINGS), LONGEST_PAUSE.toMillis());
        notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        LOG.warnf(
                "MCP server %s cannot be used, tried again in %d ms at the earliest: %s",
                settings.name(), pause, thrown.getMessage());
        close(client);
    }

    private void list(Connection made, long until) throws Away {
        String cursor = null;
        for (int page = 0; page < MAX_PAGES; page++) {
            McpSchema.ListToolsResult result = wait(
                    made, made.client().listTools(cursor), Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            for (McpSchema.Tool tool : result.tools()) {
                if (tool.name() != null
                        && settings.offers(tool.name())
                        && made.tools().size() < MAX_TOOLS) {
                    made.tools().putIfAbsent(tool.name(), tool);
                }
            }
            cursor = result.nextCursor();
            if (cursor == null) {
                return;
            }
        }
    }

    /** Structured results are data like the others: nothing of ours relies on their shape. */
    private static final JsonSchemaValidator NOT_OURS_TO_CHECK =
            (schema, content) -> JsonSchemaValidator.ValidationResponse.asValid(null);

    private static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @SuppressWarnings("unchecked")
    private <T> T wait(Connection on, Mono<T> answer, Duration within) throws Away {
        CompletableFuture<T> future = answer.toFuture();
        try {
            return (T) CompletableFuture.anyOf(future, on.gone()).get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Away("The MCP server " + settings.name() + " did not answer in time.", true, true, e);
        } catch (ExecutionException e) {
            throw away(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the MCP server is not waited for any more");
        } finally {
            future.cancel(true);
        }
    }

    /** The client wraps what happened; what was it? */
    private Away away(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof McpError refused) {
                throw refused;
            }
            if (cause instanceof RefusedAddressException refused) {
                return new Away(
                        "The MCP server " + settings.name() + " may not be called: " + refused.getMessage(),
                        false,
                        false,
                        thrown);
            }
            if (cause instanceof TimeoutException) {
                return new Away("The MCP server " + settings.name() + " did not answer in time.", true, true, thrown);
            }
        }
        return new Away("The MCP server " + settings.name() + " is gone.", true, false, thrown);
    }

    private void drop(Connection old) {
        lock.lock();
        try {
            if (connection == old) {
                connection = null;
            }
        } finally {
            lock.unlock();
        }
        close(old.client());
    }

    private static void close(McpAsyncClient client) {
        try {
            client.close();
        } catch (RuntimeException e) {
            LOG.debugf("closing: %s", e.getMessage());
        }
    }

    void close() {
        closed = true;
        Connection current = connection;
        if (current != null) {
            drop(current);
        }
    }

    /** How transports are opened in earnest. */
    static Transports transports(OutboundHttp http, Function<String, String> variables) {
        return (settings, gone) -> settings.command().isEmpty()
                ? new HttpTransport(
                        settings.name(),
                        settings.url(),
                        settings.resolvedHeaders(variables),
                        settings.timeout(),
                        http,
                        gone)
                : new ProcessTransport(settings.name(), settings.command(), settings.resolvedEnv(variables), gone);
    }
}
