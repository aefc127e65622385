package io.skein.runtime;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.test.SkeinInfrastructure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Between the service and the broker stands a relay that a test can cut: what is on its way is lost, and nobody is told. */
public class CuttableBroker implements QuarkusTestResourceLifecycleManager {

    private static final String CONTROL = "skein.test.broker.cut";

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket relay;
    private ServerSocket control;

    /** After the broker itself. */
    @Override
    public int order() {
        return 10;
    }

    @Override
    public Map<String, String> start() {
        String uri = SkeinInfrastructure.rabbitUriOf(new BrokerIdentity.Service("runtime-service"));
        URI broker = URI.create(uri);
        try {
            relay = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            control = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty(CONTROL, String.valueOf(control.getLocalPort()));
        Thread.ofVirtual().start(() -> accept(broker));
        Thread.ofVirtual().start(this::listen);
        return Map.of(
                "SKEIN_RABBITMQ_URI",
                uri.replace(
                        broker.getHost() + ":" + broker.getPort(),
                        relay.getInetAddress().getHostAddress() + ":" + relay.getLocalPort()));
    }

    @Override
    public void stop() {
        close(relay);
        close(control);
        open.forEach(CuttableBroker::close);
    }

    /** Cuts every connection of the service to its broker; returns when that is done. It may connect again at once. */
    public static void cut() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.getInteger(CONTROL))) {
            if (socket.getInputStream().read() != 1) {
                throw new IOException("nothing was cut");
            }
        }
    }

    private void listen() {
        while (!control.isClosed()) {
            try (Socket asker = control.accept()) {
                boolean any = !open.isEmpty();
                open.forEach(CuttableBroker::close);
                open.clear();
                asker.getOutputStream().write(any ? 1 : 0);
            } catch (IOException e) {
                // Stopped.
            }
        }
    }

    private void accept(URI broker) {
        while (!relay.isClosed()) {
            try {
                Socket client = relay.accept();
                Socket server = new Socket(broker.getHost(), broker.getPort());
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> pass(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            } catch (IOException e) {
                // Stopped.
            }
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[16 * 1024];
            int read;
            while ((read = in.read(buffer)) >= 0) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // Cut.
        }
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
