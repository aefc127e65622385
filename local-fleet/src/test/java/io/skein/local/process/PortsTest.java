package io.skein.local.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.local.PropertyFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path folder;

    @Test
    void aTakenPortIsAvoidedAndTakenAgainWhenFree() throws IOException {
        Ports ports = ports();
        int wanted;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            wanted = other.getLocalPort();
            int chosen = ports.choose("front", wanted);
            assertNotEquals(wanted, chosen);
            assertEquals(chosen, ports.of("front"));
            assertFalse(Ports.isFree(wanted));
        }
        assertEquals(wanted, ports.choose("front", wanted));
    }

    @Test
    void aListenerOnAllAddressesIsSeen() throws IOException {
        try (ServerSocket other = new ServerSocket(0)) {
            assertFalse(Ports.isFree(other.getLocalPort()));
        }
    }

    @Test
    void twoServersNeverGetTheSamePort() {
        Ports ports = ports();
        int first = ports.choose("a", 0);
        assertNotEquals(first, ports.choose("b", first));
    }

    @Test
    void anUnwantedPortIsKept() {
        int first = ports().choose("a", 0);
        assertTrue(first > 0);
        assertEquals(first, ports().choose("a", 0));
    }

    private Ports ports() {
        return new Ports(new PropertyFile(folder.resolve("ports.properties")));
    }
}
