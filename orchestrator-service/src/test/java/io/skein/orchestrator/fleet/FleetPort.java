package io.skein.orchestrator.fleet;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** Reserves the port on which a test starts {@link FleetStandIn}, and points the service at it. */
public class FleetPort implements QuarkusTestResourceLifecycleManager {

    static final String PORT = "skein.test.fleet.port";

    @Override
    public Map<String, String> start() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + socket.getLocalPort();
            System.setProperty(PORT, String.valueOf(socket.getLocalPort()));
            return Map.of(
                    "SKEIN_INFRA_AGENT_URL", url,
                    "SKEIN_REGISTRY_URL", url,
                    "SKEIN_LOCK_URL", url,
                    "skein.orchestrator.dispatch.retry-interval", "300ms",
                    "skein.orchestrator.dispatch.poll-interval", "200ms",
                    "skein.orchestrator.dispatch.lock-ttl", "3s",
                    "skein.orchestrator.dispatch.claim-time", "2s",
                    "skein.orchestrator.stream.heartbeat", "300ms");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        System.clearProperty(PORT);
    }
}
