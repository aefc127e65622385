package io.skein.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A server agents have an effect on. It notes each call by its Idempotency-Key ({@code <task>.<step>}). Under {@code /hold} the first
 * call with a key gets its answer when the test says so, later ones with it at once; under {@code /slow} each takes a moment; {@code run} in the answer counts them.
 */
final class Effects implements AutoCloseable {

    private static final int LONGEST_SECONDS = 120;
    private static final int SLOW_MILLIS = 300;

    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final HttpServer server;

    Effects() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            keys.add(key);
            int run = times(key);
            if (exchange.getRequestURI().getPath().equals("/hold") && run == 1) {
                gate.await(LONGEST_SECONDS, TimeUnit.SECONDS);
            }
            if (exchange.getRequestURI().getPath().equals("/slow")) {
                Thread.sleep(SLOW_MILLIS);
            }
            byte[] body = ("{\"run\":" + run + "}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often a step of a task called. */
    int times(String task, int step) {
        return times(task + "." + step);
    }

    private int times(String key) {
        return (int) keys.stream().filter(key::equals).count();
    }

    int all() {
        return keys.size();
    }

    /** Answers what is held; nothing is held any more. */
    void open() {
        gate.countDown();
    }

    @Override
    public void close() {
        open();
        server.stop(0);
    }
}
