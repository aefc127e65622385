package io.skein.orchestrator.fleet;

import static java.util.Map.entry;

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
            return Map.ofEntries(
                    entry("skein.orchestrator.approval.rules[0].name", "graces-are-double-checked"),
                    entry("skein.orchestrator.approval.rules[0].mode", "two-person"),
                    entry("skein.orchestrator.approval.rules[0].requester", "grace"),
                    entry("skein.orchestrator.approval.rules[1].name", "alans-restarts"),
                    entry("skein.orchestrator.approval.rules[1].mode", "auto"),
                    entry("skein.orchestrator.approval.rules[1].requester", "alan*"),
                    entry("skein.orchestrator.approval.rules[1].playbook", "web/*|users/add.yml"),
                    entry("skein.orchestrator.approval.rules[1].environment", "homelab"),
                    entry("skein.orchestrator.approval.rules[1].successes", "2"),
                    entry("SKEIN_INFRA_AGENT_URL", url),
                    entry("SKEIN_REGISTRY_URL", url),
                    entry("SKEIN_LOCK_URL", url),
                    entry("skein.orchestrator.dispatch.retry-interval", "300ms"),
                    entry("skein.orchestrator.dispatch.poll-interval", "200ms"),
                    entry("skein.orchestrator.dispatch.lock-ttl", "3s"),
                    entry("skein.orchestrator.dispatch.claim-time", "2s"),
                    entry("skein.orchestrator.stream.heartbeat", "300ms"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        System.clearProperty(PORT);
    }
}
