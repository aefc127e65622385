package io.skein.frontdoor.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;

/** A registry service that writes what no server should: each path has its own bytes. */
public class HostileStandIn implements QuarkusTestResourceLifecycleManager {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String BODY = "Content-Length: 2\r\n\r\nok";

    private ServerSocket server;

    @Override
    public int order() {
        return 20;
    }

    @Override
    public Map<String, String> start() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
        return Map.of("SKEIN_REGISTRY_URL", "http://127.0.0.1:" + server.getLocalPort());
    }

    @Override
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // stopped
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            String request;
            while ((request = in.readLine()) != null) {
                String header;
                while ((header = in.readLine()) != null && !header.isEmpty()) {
                    // only its end matters
                }
                String path = request.split(" ")[1];
                socket.getOutputStream().write(answer(path).getBytes(ISO_8859_1));
                socket.getOutputStream().flush();
            }
        } catch (IOException e) {
            // the front door has had enough
        }
    }

    private String answer(String path) {
        String own = "http://127.0.0.1:" + server.getLocalPort();
        return switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "bare-cr" -> OK + "X-Name: a\rX-Evil: 1\r\n" + BODY;
            case "nul" -> OK + "X-Name: a\0X-Evil: 1\r\n" + BODY;
            case "location" -> OK + "Location: " + own + "/x%0d%0aX-Evil:%201\r\n" + BODY;
            case "location-cr" -> OK + "Location: " + own + "/x\rX-Evil: 1\r\n" + BODY;
            case "location-elsewhere" -> OK + "Location: " + own + ".evil.example/x\r\n" + BODY;
            case "folded" -> OK + "X-Name: a\r\n X-Evil: 1\r\n" + BODY;
            case "cookie" -> OK + "set-cookie: a=b\r\nACCESS-CONTROL-ALLOW-ORIGIN: *\r\nServer: x\r\n" + BODY;
            case "many" -> OK + "X-Name: y\r\n".repeat(8000) + BODY;
            case "two-lengths" -> OK + "Content-Length: 3\r\n" + BODY;
            case "length-and-chunks" -> OK + "Transfer-Encoding: chunked\r\n" + BODY;
            case "second-answer" -> OK + BODY + OK + "X-Evil: 1\r\nContent-Length: 5\r\n\r\nstolen";
            case "no-http" -> "SSH-2.0-OpenSSH_9.2\r\n";
            case "status" -> "HTTP/1.1 200 OK\rX-Evil: 1\r\n" + BODY;
            default -> OK + "X-Path: " + path + "\r\n" + BODY;
        };
    }
}
