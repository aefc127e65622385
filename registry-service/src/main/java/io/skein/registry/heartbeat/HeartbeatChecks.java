package io.skein.registry.heartbeat;

import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat.Disk;
import io.skein.contracts.heartbeat.NodeHeartbeat.Gpu;
import io.skein.contracts.heartbeat.NodeHeartbeat.Resources;
import io.skein.contracts.wire.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a heartbeat must be before it may change anything. The routing key has to name the sender it speaks for, so that the
 * broker's topic permissions can keep one machine from speaking for another.
 */
final class HeartbeatChecks {

    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_TEXT = 255;
    private static final int MAX_ENTRIES = 64;
    private static final int MAX_INTERVAL = 3600;
    private static final int MAX_CORES = 65_536;
    private static final int MAX_SLOTS = 10_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern TEAM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private HeartbeatChecks() {}

    static void size(byte[] body) {
        require(body.length <= MAX_BYTES, "a heartbeat of " + body.length + " bytes");
        // PostgreSQL cannot store the character NUL, so no name and no label may hold it.
        require(!new String(body, StandardCharsets.UTF_8).contains("\\u0000"), "a NUL character");
    }

    static void node(NodeHeartbeat heartbeat, String routingKey) {
        name(heartbeat.node(), "node");
        team(heartbeat.team());
        require(routingKey.equals("node." + heartbeat.node()), "routing key " + routingKey + " is another node's");
        require(heartbeat.sentAt() != null, "sentAt is missing");
        interval(heartbeat.intervalSeconds());
        optionalText(heartbeat.agentVersion(), "agentVersion");
        require(heartbeat.labels().size() <= MAX_ENTRIES, "too many labels");
        for (Map.Entry<String, String> label : heartbeat.labels().entrySet()) {
            text(label.getKey(), "label");
            optionalText(label.getValue(), "label " + label.getKey());
        }
        if (!heartbeat.goodbye()) {
            require(heartbeat.resources() != null, "resources are missing");
            resources(heartbeat.resources());
        }
    }

    static void agent(AgentHeartbeat heartbeat, String routingKey) {
        name(heartbeat.agentId(), "agentId");
        name(heartbeat.agentType(), "agentType");
        name(heartbeat.node(), "node");
        team(heartbeat.team());
        require(routingKey.equals("agent." + heartbeat.agentId()), "routing key " + routingKey + " is another agent's");
        require(heartbeat.sentAt() != null, "sentAt is missing");
        interval(heartbeat.intervalSeconds());
        optionalText(heartbeat.version(), "version");
        require(heartbeat.slots() >= 1 && heartbeat.slots() <= MAX_SLOTS, "slots " + heartbeat.slots());
        require(heartbeat.busy() >= 0 && heartbeat.busy() <= MAX_SLOTS, "busy " + heartbeat.busy());
        require(heartbeat.capabilities().size() <= MAX_ENTRIES, "too many capabilities");
        heartbeat.capabilities().forEach(capability -> text(capability, "capability"));
    }

    private static void resources(Resources resources) {
        optionalText(resources.os(), "os");
        optionalText(resources.arch(), "arch");
        require(resources.cpuCores() >= 1 && resources.cpuCores() <= MAX_CORES, "cpuCores " + resources.cpuCores());
        require(
                resources.cpuUsedFraction() >= 0 && resources.cpuUsedFraction() <= 1,
                "cpuUsedFraction " + resources.cpuUsedFraction());
        require(resources.loadAverages().size() <= 3, "more than three load averages");
        resources.loadAverages().forEach(load -> require(Double.isFinite(load) && load >= 0, "load average " + load));
        require(resources.memoryTotalBytes() > 0, "memoryTotalBytes " + resources.memoryTotalBytes());
        within(resources.memoryAvailableBytes(), resources.memoryTotalBytes(), "memoryAvailableBytes");
        require(resources.disks().size() <= MAX_ENTRIES, "too many disks");
        for (Disk disk : resources.disks()) {
            text(disk.mount(), "mount");
            within(disk.freeBytes(), disk.totalBytes(), "freeBytes of " + disk.mount());
        }
        require(resources.gpus().size() <= MAX_ENTRIES, "too many GPUs");
        for (Gpu gpu : resources.gpus()) {
            text(gpu.name(), "GPU name");
            text(gpu.source(), "GPU source");
            if (gpu.vramTotalBytes() != null) {
                within(gpu.vramTotalBytes(), Long.MAX_VALUE, "vramTotalBytes");
            }
            if (gpu.vramFreeBytes() != null) {
                within(
                        gpu.vramFreeBytes(),
                        gpu.vramTotalBytes() == null ? Long.MAX_VALUE : gpu.vramTotalBytes(),
                        "vramFreeBytes");
            }
        }
    }

    private static void name(String name, String what) {
        require(name != null && NAME.matcher(name).matches(), what + " is not 1..253 of [A-Za-z0-9._-]");
    }

    private static void team(String team) {
        require(team != null && TEAM.matcher(team).matches(), "team is not 1..64 of [A-Za-z0-9._-]");
    }

    private static void interval(int seconds) {
        require(seconds >= 1 && seconds <= MAX_INTERVAL, "intervalSeconds " + seconds);
    }

    private static void text(String text, String what) {
        require(text != null && !text.isEmpty(), what + " is missing");
        optionalText(text, what);
    }

    private static void optionalText(String text, String what) {
        require(text == null || text.length() <= MAX_TEXT, what + " is longer than " + MAX_TEXT);
    }

    private static void within(long value, long limit, String what) {
        require(value >= 0 && value <= limit, what + " " + value + " is not within 0.." + limit);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MalformedMessageException(otherwise, null);
        }
    }
}
