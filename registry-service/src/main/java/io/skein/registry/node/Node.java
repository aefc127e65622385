package io.skein.registry.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * A machine of a team.
 *
 * <pre>
 *                first heartbeat                 silence, goodbye
 *   (unknown) ───────────────────► ONLINE ─────────────────────────► OFFLINE
 *        ▲    node.registered        ▲  device.offline                  │
 *        │    device.online          └──────────────────────────────────┤
 *        │                              heartbeat: device.online        │
 *        └──────────────────────────────────────────────────────────────┘
 *                             removed by a person: node.removed
 * </pre>
 *
 * {@code cordoned} is independent of it: a person's wish that no new work goes there.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Node(
        String name,
        String team,
        Status status,
        boolean cordoned,
        Map<String, String> labels,
        String agentVersion,
        Instant lastHeartbeatAt,
        Instant registeredAt,
        Instant offlineSince,
        String offlineReason,
        NodeHeartbeat.Resources resources) {

    public enum Status {
        ONLINE,
        OFFLINE;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Node with(Instant newerHeartbeatAt, NodeHeartbeat.Resources newerResources) {
        return new Node(
                name,
                team,
                status,
                cordoned,
                labels,
                agentVersion,
                newerHeartbeatAt,
                registeredAt,
                offlineSince,
                offlineReason,
                newerResources == null ? resources : newerResources);
    }
}
