package io.skein.local.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstSignInTest {
    @TempDir
    Path folder;

    private final List<String> bodies = new ArrayList<>();
    private HttpServer server;
    private int answer = 201;

    @BeforeEach
    void frontDoor() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/auth/setup", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void theFirstTimeAnAdministratorIsMadeAndItsSignInKeptPrivately() throws IOException {
        FirstSignIn.Credentials made =
                new FirstSignIn(folder).ensure(url(), "once").orElseThrow();

        assertEquals("admin", made.username());
        assertEquals(20, made.password().length());
        assertTrue(bodies.get(0).contains("\"token\":\"once\""), bodies::toString);
        Path file = folder.resolve("credentials.json");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(Optional.of(made), new FirstSignIn(folder).read());
    }

    @Test
    void theSecondTimeTheSameOneIsUsedAtTheCurrentAddress() {
        FirstSignIn.Credentials made = new FirstSignIn(folder)
                .ensure("http://127.0.0.1:" + port(), "once")
                .orElseThrow();
        answer = 409;
        FirstSignIn.Credentials again =
                new FirstSignIn(folder).ensure(url(), "once").orElseThrow();
        assertEquals(made.password(), again.password());
        assertEquals(url(), again.url());
    }

    @Test
    void nothingIsInventedWhenThereAreAccountsAlready() {
        answer = 409;
        assertEquals(Optional.empty(), new FirstSignIn(folder).ensure(url(), "once"));
        assertFalse(Files.exists(folder.resolve("credentials.json")));
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private String url() {
        return "http://localhost:" + port();
    }
}
