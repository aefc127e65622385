package io.skein.local.process;

import io.skein.local.PropertyFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Which loopback port each server listens on. A choice is kept, so that an address somebody noted is right tomorrow; only
 * when another program has taken the port meanwhile is a new one chosen. A wanted port is taken again as soon as it is free.
 */
public final class Ports {
    private static final Duration DYING = Duration.ofSeconds(3);

    private final PropertyFile file;

    public Ports(PropertyFile file) {
        this.file = file;
    }

    /**
     * The port of a server that is about to start.
     *
     * @param wanted the documented port, or 0 for any: then the one it had is kept
     */
    public int choose(String name, int wanted) {
        Set<Integer> taken = new HashSet<>();
        file.all().forEach((key, value) -> {
            if (!key.equals(name)) {
                taken.add(Integer.parseInt(value));
            }
        });
        int before = of(name);
        int port = wanted != 0 ? wanted : before;
        if (port != 0 && port == before) {
            awaitFree(port);
        }
        if (port == 0 || !isFree(port) || taken.contains(port)) {
            port = wanted == 0 ? anyFree(taken) : nextFree(wanted, taken);
        }
        file.put(name, Integer.toString(port));
        return port;
    }

    /** A process of ours that was just killed may hold its port a moment longer; its clients expect it there again. */
    private static void awaitFree(int port) {
        Instant deadline = Instant.now().plus(DYING);
        while (!isFree(port) && Instant.now().isBefore(deadline)) {
            Pause.millis(50);
        }
    }

    /** The port a server was given when it was started. */
    public int of(String name) {
        return file.get(name).map(Integer::parseInt).orElse(0);
    }

    private static int nextFree(int wanted, Set<Integer> taken) {
        for (int port = wanted; port < wanted + 1000 && port < 65536; port++) {
            if (!taken.contains(port) && isFree(port)) {
                return port;
            }
        }
        return anyFree(taken);
    }

    private static int anyFree(Set<Integer> taken) {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (!taken.contains(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /** Whether nothing listens there and we could. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1);
        } catch (IOException e) {
            return false;
        }
        return !answers(port); // a listener on all addresses does not keep us from binding loopback everywhere
    }

    /** Whether something accepts connections there. */
    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
