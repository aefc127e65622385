package io.skein.platform.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skein.test.TestCertificates;
import io.skein.test.TlsRelay;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SEC-01, SSRF: real servers. 127.0.0.1 stands for the internet (it is on the allow-list), 127.0.0.2 for what must stay untouched. */
class OutboundHttpTest {

    private static final byte[] LOCALHOST = {127, 0, 0, 1};
    private static final byte[] FORBIDDEN = {127, 0, 0, 2};
    private static final int MAX_BODY = 64 * 1024;

    private static Vertx vertx;

    private final AtomicInteger touched = new AtomicInteger();
    private final AtomicInteger lookups = new AtomicInteger();
    private HttpServer open;
    private HttpServer secret;
    private volatile String sawAuthorization;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    @BeforeEach
    void startServers() throws IOException {
        open = server(LOCALHOST, 0);
        secret = server(FORBIDDEN, open.getAddress().getPort());
        open.createContext("/hello", exchange -> answer(exchange, 200, Map.of(), "hello"));
        open.createContext("/to-secret", exchange -> redirect(exchange, 302, "http://127.0.0.2:" + port() + "/"));
        open.createContext(
                "/to-secret-by-name", exchange -> redirect(exchange, 307, "http://inside.example:" + port() + "/"));
        open.createContext("/to-file", exchange -> redirect(exchange, 302, "file:///etc/passwd"));
        open.createContext("/relative", exchange -> redirect(exchange, 301, "/hello"));
        open.createContext("/again", exchange -> redirect(exchange, 302, "/again"));
        open.createContext(
                "/to-other-name", exchange -> redirect(exchange, 302, "http://other.example:" + port() + "/see"));
        open.createContext("/pass-on", exchange -> redirect(exchange, 307, "http://other.example:" + port() + "/see"));
        open.createContext("/see", exchange -> {
            sawAuthorization = exchange.getRequestHeaders().getFirst("Authorization");
            answer(
                    exchange,
                    200,
                    Map.of(),
                    "seen as " + exchange.getRequestHeaders().getFirst("Host"));
        });
        open.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] part = new byte[8192];
            for (int i = 0; i < 10_000; i++) {
                exchange.getResponseBody().write(part);
            }
        });
        open.createContext("/never", exchange -> {
            // Answers nothing; the connection stays open until the test's server stops.
        });
        secret.createContext("/", exchange -> {
            touched.incrementAndGet();
            answer(exchange, 200, Map.of(), "a secret");
        });
        open.start();
        secret.start();
    }

    @AfterEach
    void stopServers() {
        open.stop(0);
        secret.stop(0);
    }

    /** A name that is harmless when it is looked at, and leads inside when it is looked up again. */
    private InetAddress[] names(String name) throws IOException {
        return switch (name) {
            case "rebinding.example" ->
                new InetAddress[] {InetAddress.getByAddress(lookups.getAndIncrement() == 0 ? LOCALHOST : FORBIDDEN)};
            case "inside.example" -> new InetAddress[] {InetAddress.getByAddress(FORBIDDEN)};
            case "hooks.example", "other.example" -> new InetAddress[] {InetAddress.getByAddress(LOCALHOST)};
            default -> new InetAddress[] {InetAddress.getByName(name)};
        };
    }

    private OutboundPolicy policy() {
        return new OutboundPolicy(List.of("http", "https"), List.of("127.0.0.1"), name -> {
            try {
                return names(name);
            } catch (IOException e) {
                throw new java.net.UnknownHostException(name);
            }
        });
    }

    private OutboundHttp http(Duration timeout, HttpClientOptions options) {
        return new OutboundHttp(policy(), timeout, MAX_BODY, 3, vertx, options);
    }

    private OutboundHttp http() {
        return http(Duration.ofSeconds(20), new HttpClientOptions());
    }

    private int port() {
        return open.getAddress().getPort();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    @Test
    void whatMayBeCalledAnswers() throws IOException {
        OutboundHttp.Answer answer = http().get(url("/hello"), Map.of());
        assertEquals(200, answer.status());
        assertEquals("hello", new String(answer.body(), StandardCharsets.UTF_8));
        OutboundHttp.Answer relative = http().get(url("/relative"), Map.of());
        assertEquals(URI.create(url("/hello")), relative.from());
    }

    @Test
    void aRedirectIsHeldAgainstThePolicyLikeAnyAddress() {
        for (String path : List.of("/to-secret", "/to-secret-by-name", "/to-file")) {
            assertThrows(RefusedAddressException.class, () -> http().get(url(path), Map.of()), path);
        }
        assertThrows(IOException.class, () -> http().get(url("/again"), Map.of()));
        assertEquals(0, touched.get());
    }

    /** Planted: whoever checks the first address only, and lets the client follow, reaches the secret. */
    @Test
    void followingUncheckedWouldFailThatTest() throws Exception {
        policy().check(url("/to-secret"));
        try (HttpClient weak = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build()) {
            weak.send(
                    HttpRequest.newBuilder(URI.create(url("/to-secret"))).build(),
                    HttpResponse.BodyHandlers.discarding());
        }
        assertEquals(1, touched.get());
    }

    @Test
    void theConnectionGoesWhereTheNameLedWhenItWasLookedAt() throws IOException {
        OutboundHttp.Answer answer = http().get("http://rebinding.example:" + port() + "/see", Map.of());
        assertEquals("seen as rebinding.example:" + port(), new String(answer.body(), StandardCharsets.UTF_8));
        assertEquals(1, lookups.get());
        assertEquals(0, touched.get());
    }

    /** Planted: whoever looks the name up again to connect reaches the secret. */
    @Test
    void lookingUpTwiceWouldFailThatTest() throws IOException {
        OutboundTarget checked = policy().check("http://rebinding.example:" + port() + "/");
        try (Socket weak = new Socket(names(checked.host())[0], checked.port())) {
            weak.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            weak.getInputStream().readAllBytes();
        }
        assertEquals(1, touched.get());
    }

    @Test
    void anotherOriginDoesNotSeeTheTokenNorTheBody() throws IOException {
        Map<String, String> token = Map.of("Authorization", "Bearer secret");
        http().get(url("/to-other-name"), token);
        assertEquals(Optional.empty(), Optional.ofNullable(sawAuthorization));
        http().get(url("/see"), token);
        assertEquals("Bearer secret", sawAuthorization);
        assertThrows(RefusedAddressException.class, () -> http().post(url("/pass-on"), token, new byte[] {1}));
    }

    @Test
    void anAnswerIsBoundedInSizeAndTime() {
        IOException large = assertThrows(IOException.class, () -> http().get(url("/endless"), Map.of()));
        assertTrue(large.getMessage().contains("larger than"), large.getMessage());
        OutboundHttp hasty = http(Duration.ofMillis(300), new HttpClientOptions());
        IOException late = assertThrows(IOException.class, () -> hasty.get(url("/never"), Map.of()));
        assertTrue(late.getMessage().contains("no answer within"), late.getMessage());
    }

    @Test
    void tlsIsCheckedAgainstTheNameAlthoughTheAddressIsPinned(@TempDir Path folder) throws IOException {
        TestCertificates certificates = TestCertificates.in(folder);
        HttpClientOptions trusting = new HttpClientOptions()
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(certificates.authority().toString()));
        try (TlsRelay right = TlsRelay.to("127.0.0.1", port(), certificates.leaf("dns:hooks.example"));
                TlsRelay wrong = TlsRelay.to("127.0.0.1", port(), certificates.leaf("dns:elsewhere.example"))) {
            OutboundHttp http = http(Duration.ofSeconds(20), trusting);
            assertEquals(
                    200,
                    http.get("https://hooks.example:" + right.port() + "/hello", Map.of())
                            .status());
            assertThrows(
                    IOException.class, () -> http.get("https://hooks.example:" + wrong.port() + "/hello", Map.of()));
            assertEquals(0, wrong.handshakes());
            // Nobody but the test's CA knows it.
            assertThrows(
                    IOException.class, () -> http().get("https://hooks.example:" + right.port() + "/hello", Map.of()));
        }
        assertFalse(touched.get() > 0);
    }

    private static HttpServer server(byte[] address, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(address), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return server;
    }

    private static void redirect(HttpExchange exchange, int status, String location) throws IOException {
        answer(exchange, status, Map.of("Location", location), "");
    }

    private static void answer(HttpExchange exchange, int status, Map<String, String> headers, String body)
            throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void aNameServerThatDoesNotAnswerIsNotWaitedForLongerThanTheCall() throws Exception {
        OutboundPolicy policy = new OutboundPolicy(List.of("http"), List.of("127.0.0.1"), name -> {
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofSeconds(20).toNanos());
            return new InetAddress[] {InetAddress.getByAddress(LOCALHOST)};
        });
        OutboundHttp http =
                new OutboundHttp(policy, Duration.ofSeconds(1), MAX_BODY, 3, vertx, new HttpClientOptions());
        long begun = System.nanoTime();
        assertThrows(IOException.class, () -> http.get("http://slow.example/", Map.of()));
        assertTrue(System.nanoTime() - begun < Duration.ofSeconds(15).toNanos());

        OutboundHttp patient =
                new OutboundHttp(policy, Duration.ofSeconds(15), MAX_BODY, 3, vertx, new HttpClientOptions());
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                patient.get("http://slow.example/", Map.of());
            } catch (IOException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.interrupt();
        assertTrue(waiting.join(Duration.ofSeconds(5)), "it was not let go");
    }
}
