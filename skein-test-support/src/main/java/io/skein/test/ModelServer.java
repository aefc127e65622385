package io.skein.test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A model's provider on 127.0.0.1 that speaks the wire format of each of the three, and says what a test wants. */
public class ModelServer implements AutoCloseable {

    public static final int TOKENS_IN = 100;
    public static final int TOKENS_OUT = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    public enum Wire {
        OPENAI("openai-compatible", "/v1"),
        ANTHROPIC("anthropic", "/v1/"),
        OLLAMA("ollama", "");

        private final String provider;
        private final String base;

        Wire(String provider, String base) {
            this.provider = provider;
            this.base = base;
        }
    }

    /** @param arguments JSON, or something that is none where the wire can carry it */
    public record Use(String tool, String arguments) {}

    /** What the model says, or what its provider does instead. */
    public sealed interface Answer {

        record Says(String text, List<Use> uses) implements Answer {}

        record Raw(int status, Map<String, String> headers, String body) implements Answer {}

        record Nothing() implements Answer {}

        /** The connection breaks in the middle of the answer. */
        record Cut(String begun) implements Answer {}
    }

    public static Answer says(String text) {
        return new Answer.Says(text, List.of());
    }

    public static Answer uses(String tool, String arguments) {
        return new Answer.Says("", List.of(new Use(tool, arguments)));
    }

    /**
     * A call as it came.
     *
     * @param port of whoever called: the same for calls over the same connection
     */
    public record Seen(String path, Map<String, List<String>> headers, JsonNode body, int port) {

        /** All text of the conversation, in order. */
        public String text() {
            return body.toString();
        }
    }

    public final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();

    private final Wire wire;
    private final HttpServer server;
    private volatile Function<Seen, Answer> mind = call -> says("done");
    private volatile boolean counts = true;

    public ModelServer(Wire wire) {
        this(wire, 0);
    }

    /** @param port 0 for any */
    public ModelServer(Wire wire, int port) {
        this.wire = wire;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public ModelServer thinks(Function<Seen, Answer> how) {
        mind = how;
        return this;
    }

    /** The answers in order; the last one again and again. */
    public ModelServer answers(Answer... answers) {
        int before = seen.size();
        return thinks(call -> answers[Math.min(seen.size() - before, answers.length) - 1]);
    }

    public void countsNothing() {
        counts = false;
    }

    public String provider() {
        return wire.provider;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + wire.base;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Seen call = new Seen(
                exchange.getRequestURI().getPath(),
                Map.copyOf(exchange.getRequestHeaders()),
                JSON.readTree(exchange.getRequestBody()),
                exchange.getRemoteAddress().getPort());
        seen.add(call);
        switch (mind.apply(call)) {
            case Answer.Says says -> send(exchange, 200, Map.of(), spoken(says).toString());
            case Answer.Raw raw -> send(exchange, raw.status(), raw.headers(), raw.body());
            case Answer.Nothing nothing -> {
                // The connection stays open.
            }
            case Answer.Cut cut -> {
                byte[] begun = cut.begun().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, begun.length + 1000L);
                exchange.getResponseBody().write(begun);
                exchange.getResponseBody().flush();
                exchange.close();
            }
        }
    }

    private ObjectNode spoken(Answer.Says says) {
        return switch (wire) {
            case OPENAI -> openAi(says);
            case ANTHROPIC -> anthropic(says);
            case OLLAMA -> ollama(says);
        };
    }

    private ObjectNode openAi(Answer.Says says) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("id", "chatcmpl-1")
                .put("object", "chat.completion")
                .put("created", 1)
                .put("model", "stand-in-1");
        ObjectNode choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", says.uses().isEmpty() ? "stop" : "tool_calls");
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.put("content", says.text().isEmpty() ? null : says.text());
        int number = 0;
        for (Use use : says.uses()) {
            ArrayNode calls = message.withArray("tool_calls");
            calls.addObject()
                    .put("id", "call_" + ++number)
                    .put("type", "function")
                    .putObject("function")
                    .put("name", use.tool())
                    .put("arguments", use.arguments());
        }
        if (counts) {
            answer.putObject("usage")
                    .put("prompt_tokens", TOKENS_IN)
                    .put("completion_tokens", TOKENS_OUT)
                    .put("total_tokens", TOKENS_IN + TOKENS_OUT);
        }
        return answer;
    }

    private ObjectNode anthropic(Answer.Says says) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("id", "msg_1")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", "stand-in-1");
        answer.put("stop_reason", says.uses().isEmpty() ? "end_turn" : "tool_use");
        ArrayNode content = answer.putArray("content");
        if (!says.text().isEmpty()) {
            content.addObject().put("type", "text").put("text", says.text());
        }
        int number = 0;
        for (Use use : says.uses()) {
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", "toolu_" + ++number)
                    .put("name", use.tool())
                    .set("input", parsed(use.arguments()));
        }
        answer.putObject("usage").put("input_tokens", TOKENS_IN).put("output_tokens", TOKENS_OUT);
        return answer;
    }

    private ObjectNode ollama(Answer.Says says) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("model", "stand-in-1").put("created_at", "2026-01-01T00:00:00Z");
        ObjectNode message =
                answer.putObject("message").put("role", "assistant").put("content", says.text());
        for (Use use : says.uses()) {
            message.withArray("tool_calls")
                    .addObject()
                    .putObject("function")
                    .put("name", use.tool())
                    .set("arguments", parsed(use.arguments()));
        }
        answer.put("done", true).put("done_reason", "stop");
        answer.put("prompt_eval_count", TOKENS_IN).put("eval_count", TOKENS_OUT);
        return answer;
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, Map<String, String> headers, String text)
            throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
