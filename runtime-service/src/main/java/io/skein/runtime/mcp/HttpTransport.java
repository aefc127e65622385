package io.skein.runtime.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.skein.platform.net.OutboundHttp;
import io.skein.platform.net.RefusedAddressException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import reactor.core.publisher.Mono;

/**
 * MCP's streamable HTTP through the outbound policy, so a server's address cannot be moved into our network by whoever keeps its name.
 * Each message is a call of its own; a stream in answer is read to its end. What a server would like to say unasked is not fetched:
 * tools need none of it.
 */
final class HttpTransport implements McpClientTransport {

    private static final Logger LOG = Logger.getLogger(HttpTransport.class);
    private static final String SESSION = "mcp-session-id";

    private final String name;
    private final String url;
    private final Map<String, String> headers;
    private final Duration timeout;
    private final OutboundHttp http;
    private final Runnable gone;
    private volatile Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler;
    private volatile String session;

    /** @param gone told when the server does not know our session any more: it was started again */
    HttpTransport(
            String name, String url, Map<String, String> headers, Duration timeout, OutboundHttp http, Runnable gone) {
        this.name = name;
        this.url = url;
        this.headers = headers;
        this.timeout = timeout;
        this.http = http;
        this.gone = gone;
    }

    @Override
    public List<String> protocolVersions() {
        return McpJson.VERSIONS;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> messages) {
        return Mono.fromRunnable(() -> handler = messages);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.create(sink -> Thread.ofVirtual().name("mcp-" + name).start(() -> {
            try {
                post(McpJson.write(message));
                sink.success();
            } catch (IOException | RuntimeException e) {
                sink.error(e);
            }
        }));
    }

    private void post(String text) throws IOException {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("content-type", "application/json");
        all.put("accept", "application/json, text/event-stream");
        if (session != null) {
            all.put(SESSION, session);
        }
        OutboundHttp.Answer answer = http.send(
                new OutboundHttp.Request("POST", url, all, text.getBytes(StandardCharsets.UTF_8), timeout), this::same);
        if (answer.status() < 200 || answer.status() > 299) {
            if (session != null && (answer.status() == 404 || answer.status() == 400)) {
                gone.run();
            }
            throw new IOException("the server answered " + answer.status());
        }
        String given = answer.headers().get(SESSION);
        if (given != null && given.length() <= 200) {
            session = given;
        }
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.headers().getOrDefault("content-type", "").startsWith("text/event-stream")) {
            for (String event : body.split("\r?\n\r?\n", -1)) {
                take(data(event));
            }
        } else {
            take(body);
        }
    }

    /** A redirect elsewhere is none of the operator's addresses. */
    private void same(String to) {
        if (!to.equals(url)) {
            throw new RefusedAddressException(
                    "The MCP server redirects from " + URI.create(url).getHost() + " to somewhere else.");
        }
    }

    /** The lines of one server-sent event that carry data. */
    private static String data(String event) {
        StringBuilder data = new StringBuilder();
        for (String line : event.split("\r?\n", -1)) {
            if (line.startsWith("data:")) {
                data.append(line.substring("data:".length()).stripLeading()).append('\n');
            }
        }
        return data.toString();
    }

    private void take(String text) throws IOException {
        if (!text.isBlank()) {
            handler.apply(Mono.just(McpJson.read(text)))
                    .subscribe(done -> {}, thrown -> LOG.debugf("MCP server %s: %s", name, thrown.getMessage()));
        }
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(() -> {
            String ended = session;
            session = null;
            if (ended != null) {
                Thread.ofVirtual().name("mcp-" + name + "-end").start(() -> end(ended));
            }
        });
    }

    private void end(String ended) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(SESSION, ended);
        try {
            http.send(new OutboundHttp.Request("DELETE", url, all, null, Duration.ofSeconds(2)), this::same);
        } catch (IOException | RefusedAddressException e) {
            LOG.debugf("MCP server %s was not told of the end of the session", name);
        }
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return McpJson.MAPPER.convertValue(data, type);
    }
}
