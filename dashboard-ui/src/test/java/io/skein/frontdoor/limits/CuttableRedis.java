package io.skein.frontdoor.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.skein.test.InfrastructureFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to Redis that a test can cut (connections break, new ones are refused) or silence (they stand, nothing comes through).
 * As a test resource it stands between the application and Redis; told by a system property, because test and resource live in
 * different class loaders.
 */
public final class CuttableRedis implements QuarkusTestResourceLifecycleManager, AutoCloseable {

    private static final String STATE = "skein.test.redis-way";
    private static final int DATABASE = 15;

    private final URI redis = URI.create(InfrastructureFile.load().getProperty("redis.url"));
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private ServerSocket server;
    private volatile boolean closed;

    /** For the resource; the port stays the same while the way is cut and mended. */
    public CuttableRedis() {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void cut() {
        System.setProperty(STATE, "cut");
    }

    static void silence() {
        System.setProperty(STATE, "silent");
    }

    static void mend() {
        System.clearProperty(STATE);
    }

    private static boolean is(String state) {
        return state.equals(System.getProperty(STATE));
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public Map<String, String> start() {
        mend();
        command("FLUSHDB");
        try {
            // Here and not by the thread: whoever connects next must not be faster.
            open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::watch);
        return Map.of("SKEIN_REDIS_URL", url());
    }

    String url() {
        String login = redis.getUserInfo() == null ? "" : redis.getRawUserInfo() + "@";
        return "redis://" + login + "127.0.0.1:" + port + "/" + DATABASE;
    }

    /** To Redis itself, past the way that may be cut. */
    static String command(String... words) {
        URI redis = URI.create(InfrastructureFile.load().getProperty("redis.url"));
        try (Socket socket = new Socket(redis.getHost(), redis.getPort())) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            if (redis.getUserInfo() != null) {
                send(
                        socket,
                        "AUTH",
                        redis.getUserInfo().substring(redis.getUserInfo().indexOf(':') + 1));
                in.readLine();
            }
            send(socket, "SELECT", Integer.toString(DATABASE));
            in.readLine();
            send(socket, words);
            return in.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(Socket socket, String... words) throws IOException {
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append("$")
                    .append(word.getBytes(UTF_8).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        socket.getOutputStream().write(command.toString().getBytes(UTF_8));
    }

    @Override
    public void stop() {
        closed = true;
        mend();
        shut();
    }

    @Override
    public void close() {
        stop();
    }

    private void watch() {
        try {
            while (!closed) {
                if (is("cut")) {
                    shut();
                } else if (server == null) {
                    open();
                }
                Thread.sleep(5);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void open() throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server = opened;
        Thread.ofVirtual().start(() -> accept(opened));
    }

    private void shut() {
        close(server);
        server = null;
        sockets.forEach(CuttableRedis::close);
        sockets.clear();
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket client = from.accept();
                Socket upstream = new Socket(redis.getHost(), redis.getPort());
                sockets.add(client);
                sockets.add(upstream);
                Thread.ofVirtual().start(() -> pump(client, upstream));
                Thread.ofVirtual().start(() -> pump(upstream, client));
            }
        } catch (IOException e) {
            // cut
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            int read;
            while ((read = in.read(buffer)) > 0) {
                if (!is("silent")) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // cut
        }
    }

    private static void close(AutoCloseable what) {
        try {
            if (what != null) {
                what.close();
            }
        } catch (Exception e) {
            // it is gone either way
        }
    }
}
