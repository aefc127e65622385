package io.skein.frontdoor.proxy;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSockets through the real gate to a real server. */
@QuarkusTest
@TestProfile(EdgeProfile.class)
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
@WithTestResource(SocketStandIn.class)
@WithTestResource(HostileStandIn.class)
class WebSocketQuarkusTest {

    @TestHTTPResource("/")
    URI base;

    private final HttpClient http = HttpClient.newHttpClient();
    private String token;

    @BeforeEach
    void signIn() {
        token = Door.admin();
        System.clearProperty(SocketStandIn.CLOSED_WITH);
    }

    /** Everything a connection says. */
    private static final class Heard implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                texts.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            binaries.add(bytes);
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }

        String text() throws InterruptedException {
            return texts.poll(5, SECONDS);
        }

        String end() {
            return closed.orTimeout(10, SECONDS).join();
        }
    }

    private WebSocket open(String path, Heard heard, UnaryOperator<WebSocket.Builder> with) {
        URI url = URI.create("ws://" + base.getAuthority() + "/api/v1/runtime/" + path);
        try {
            return with.apply(http.newWebSocketBuilder()).buildAsync(url, heard).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof WebSocketHandshakeException refused ? new Refused(refused) : e;
        }
    }

    private WebSocket open(String path, Heard heard) {
        return open(path, heard, builder -> builder.header("Authorization", "Bearer " + token));
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(WebSocketHandshakeException cause) {
            super(cause);
            status = cause.getResponse().statusCode();
        }
    }

    @Test
    void bothSidesHearEachOther() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open("echo?since=7", heard);
        socket.sendText("grüße", true).join();
        assertEquals("echo:grüße", heard.text());
        // In two parts, cut in the middle of nothing and of everything.
        socket.sendText("one ", false).join();
        socket.sendText("message", true).join();
        assertEquals("echo:one message", heard.text());
        byte[] bytes = new byte[40_000];
        bytes[39_999] = 7;
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        int received = 0;
        while (received < bytes.length) {
            received += heard.binaries.poll(5, SECONDS).length;
        }
        assertEquals(bytes.length, received);
        socket.sendText("headers", true).join();
        String headers = heard.text();
        assertTrue(headers.contains("\"authorization\":\"Bearer " + token + "\""), headers);
        assertTrue(headers.contains("\"traceparent\":\"00-"), headers);
        assertTrue(headers.contains("\"x-forwarded-for\":\"127.0.0.1\""), headers);
        socket.sendClose(4001, "that was all").join();
        await().atMost(20, SECONDS)
                .until(() -> "4001 that was all".equals(System.getProperty(SocketStandIn.CLOSED_WITH)));
    }

    @Test
    void theServiceClosesAndTheClientLearnsWhy() throws Exception {
        Heard heard = new Heard();
        open("echo", heard).sendText("close", true).join();
        assertEquals("4007 done with you", heard.end());
    }

    @Test
    void aClientThatIsGoneEndsTheOtherSideToo() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open("echo", heard);
        socket.sendText("here", true).join();
        assertEquals("echo:here", heard.text());
        socket.abort();
        await().atMost(20, SECONDS).until(() -> String.valueOf(System.getProperty(SocketStandIn.CLOSED_WITH))
                .startsWith("1001"));
    }

    @Test
    void aBrowserSendsItsTokenAsAProtocolThatGoesNoFurther() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open("echo", heard, builder -> builder.subprotocols("skein.bearer." + token, "skein.v1")
                .header("Origin", "http://" + base.getAuthority()));
        assertEquals("skein.v1", socket.getSubprotocol());
        socket.sendText("headers", true).join();
        String headers = heard.text();
        assertTrue(headers.contains("\"authorization\":\"Bearer " + token + "\""), headers);
        assertEquals(2, headers.split(java.util.regex.Pattern.quote(token), -1).length, "the token once: " + headers);
        assertFalse(headers.contains("\"origin\""), headers);
        socket.abort();
        // What the service chooses counts.
        WebSocket chosen = open(
                "echo", new Heard(), builder -> builder.subprotocols("skein.bearer." + token, "skein.v1", "events.v2"));
        assertEquals("events.v2", chosen.getSubprotocol());
        chosen.abort();
    }

    @Test
    void withoutATokenOrFromAForeignPageNobodyGetsIn() {
        List<UnaryOperator<WebSocket.Builder>> unauthenticated = List.of(
                builder -> builder,
                builder -> builder.header("Authorization", "Bearer " + token + "x"),
                builder -> builder.subprotocols("skein.bearer." + token + "x", "skein.v1"),
                builder -> builder.subprotocols("skein.bearer." + token, "skein.bearer.x"),
                // A wrong header is not made good by a right protocol.
                builder -> builder.header("Authorization", "Bearer x").subprotocols("skein.bearer." + token));
        for (UnaryOperator<WebSocket.Builder> with : unauthenticated) {
            assertEquals(401, assertThrows(Refused.class, () -> open("echo", new Heard(), with)).status);
        }
        assertEquals(
                401, assertThrows(Refused.class, () -> open("echo?access_token=" + token, new Heard(), b -> b)).status);
        for (String origin : List.of(
                "https://evil.example",
                "null",
                "https://portal.example.evil.example",
                "http://portal.example",
                "http://127.0.0.1:1")) {
            Refused refused = assertThrows(
                    Refused.class,
                    () -> open("echo", new Heard(), builder -> builder.header("Authorization", "Bearer " + token)
                            .header("Origin", origin)));
            assertEquals(403, refused.status, origin);
        }
        open("echo", new Heard(), builder -> builder.header("Authorization", "Bearer " + token)
                        .header("Origin", EdgeProfile.ALLOWED))
                .abort();
        Refused refused = assertThrows(
                Refused.class,
                () -> open(
                        "echo",
                        new Heard(),
                        builder -> builder.header("Authorization", "Bearer " + Door.serviceToken())));
        assertEquals(403, refused.status);
    }

    @Test
    void theServicesOwnRefusalIsPassedOn() {
        assertEquals(502, assertThrows(Refused.class, () -> open("refused", new Heard())).status);
        URI nobody = URI.create("ws://" + base.getAuthority() + "/api/v1/playbooks/live");
        CompletionException away = assertThrows(CompletionException.class, () -> http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(nobody, new Heard())
                .join());
        assertEquals(
                502,
                assertInstanceOf(WebSocketHandshakeException.class, away.getCause())
                        .getResponse()
                        .statusCode());
    }

    @Test
    void aMessageThatIsTooLargeEndsTheConnectionInEitherDirection() throws Exception {
        Heard whole = new Heard();
        open("echo", whole)
                .sendText("x".repeat(EdgeProfile.MAX_MESSAGE - 5), true)
                .join();
        assertEquals(EdgeProfile.MAX_MESSAGE, whole.text().length());
        // In parts that are small by themselves.
        Heard parts = new Heard();
        WebSocket socket = open("echo", parts);
        for (int i = 0; i < 5; i++) {
            socket.sendText("x".repeat(EdgeProfile.MAX_MESSAGE / 4), false).join();
        }
        assertTrue(parts.end().startsWith("1009"), parts.end());
        Heard back = new Heard();
        open("echo", back).sendText("large", true).join();
        String end = back.end();
        assertTrue(end.startsWith("1009") || end.startsWith("1011"), end);
    }

    @Test
    void aSlowReaderSlowsTheServiceDown() throws Exception {
        // Nothing is asked of this connection, so its buffers fill up to the service.
        WebSocket.Listener silent = new WebSocket.Listener() {
            @Override
            public void onOpen(WebSocket socket) {}
        };
        System.clearProperty(SocketStandIn.WRITTEN);
        WebSocket socket = http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("ws://" + base.getAuthority() + "/api/v1/runtime/flood"), silent)
                .join();
        long[] before = {-1};
        await().atMost(10, SECONDS)
                .pollInterval(java.time.Duration.ofMillis(300))
                .until(() -> {
                    long now = Long.getLong(SocketStandIn.WRITTEN, 0);
                    boolean standing = now > 0 && now == before[0];
                    before[0] = now;
                    return standing;
                });
        assertTrue(
                before[0] < SocketStandIn.FLOOD_MIB * 1024L * 1024 / 4,
                before[0] + " bytes were taken from the service for a client that reads nothing");
        socket.abort();
    }

    @Test
    void whoAnswersNoPingIsTakenForGone() throws Exception {
        try (Socket raw = new Socket(base.getHost(), base.getPort())) {
            raw.setSoTimeout(10_000);
            raw.getOutputStream()
                    .write(("GET /api/v1/runtime/echo HTTP/1.1\r\nHost: " + base.getAuthority()
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                                    + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer "
                                    + token
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            List<Integer> opcodes = frames(raw.getInputStream());
            assertTrue(opcodes.contains(9), "it was asked: " + opcodes);
            assertEquals(8, opcodes.getLast(), "and the connection closed: " + opcodes);
        }
    }

    @Test
    void whoAnswersPingsMayBeSilentForLong() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open("echo", heard);
        // Three times the idle time; the Java client answers pings by itself.
        assertThrows(Exception.class, () -> heard.closed.get(6, SECONDS));
        assertFalse(heard.closed.isDone());
        socket.sendText("still here", true).join();
        assertEquals("echo:still here", heard.text());
        socket.abort();
    }

    @Test
    void onePersonHasSoManyConnectionsAndGetsThemBack() {
        Door.create("sockets", "operator");
        String own = Door.signIn("sockets", Door.PASSWORD).extract().path("accessToken");
        UnaryOperator<WebSocket.Builder> with = builder -> builder.header("Authorization", "Bearer " + own);
        List<WebSocket> open = new ArrayList<>();
        for (int i = 0; i < EdgeProfile.PER_USER; i++) {
            open.add(open("echo", new Heard(), with));
        }
        assertEquals(429, assertThrows(Refused.class, () -> open("echo", new Heard(), with)).status);
        open("echo", new Heard()).abort();
        open.getFirst().abort();
        await().atMost(20, SECONDS).ignoreExceptions().until(() -> {
            open.add(open("echo", new Heard(), with));
            return true;
        });
        open.forEach(WebSocket::abort);
    }

    @Test
    void whoseSignInIsEndedIsDisconnected() {
        Door.create("ended", "operator");
        String cookie;
        var signedIn = Door.signIn("ended", Door.PASSWORD).extract();
        cookie = signedIn.cookie("skein_refresh");
        String own = signedIn.path("accessToken");
        Heard heard = new Heard();
        open("echo", heard, builder -> builder.header("Authorization", "Bearer " + own));
        io.restassured.RestAssured.given()
                .cookie("skein_refresh", cookie)
                .post("/api/v1/auth/sign-out")
                .then()
                .statusCode(204);
        assertTrue(heard.end().startsWith("1008"), heard.end());
    }

    /** The opcodes of the frames until the connection ends; nothing is answered. */
    private static List<Integer> frames(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        assertTrue(head.toString().startsWith("HTTP/1.1 101"), head.toString());
        List<Integer> opcodes = new ArrayList<>();
        int first;
        while ((first = in.read()) >= 0) {
            opcodes.add(first & 15);
            in.readNBytes(in.read() & 127);
            if (opcodes.getLast() == 8) {
                break;
            }
        }
        return opcodes;
    }
}
