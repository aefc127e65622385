package io.skein.orchestrator.routing;

import io.skein.contracts.heartbeat.NodeHeartbeat;

/** A machine as the registry knows it; {@code resources} are those of the last heartbeat, or null. */
public record FleetNode(String name, String team, String status, boolean cordoned, NodeHeartbeat.Resources resources) {

    public boolean isOnline() {
        return "online".equals(status);
    }
}
