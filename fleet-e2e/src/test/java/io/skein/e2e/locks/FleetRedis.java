package io.skein.e2e.locks;

import io.skein.e2e.Fleet;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Redis of the running fleet. */
final class FleetRedis {

    private FleetRedis() {}

    /** Forgets everything there is in it. */
    static void flush(Fleet fleet) throws IOException {
        int port = Integer.parseInt(fleet.ports().getProperty("redis"));
        String password = fleet.secrets().getProperty("redis.password");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String commands = "AUTH " + password + "\r\nFLUSHALL\r\nQUIT\r\n";
            socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.startsWith("+OK\r\n+OK\r\n")) {
                throw new IOException("Redis answered " + answer);
            }
        }
    }
}
