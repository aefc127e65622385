package io.skein.cli.list;

import com.fasterxml.jackson.databind.JsonNode;

/** Figures of a machine, short. */
final class Figures {
    private static final double GIB = 1024.0 * 1024 * 1024;

    private Figures() {}

    static String cpu(JsonNode resources) {
        return resources.path("cpuCores").isNumber()
                ? "%d cores, %.0f %% used"
                        .formatted(
                                resources.path("cpuCores").asInt(),
                                resources.path("cpuUsedFraction").asDouble() * 100)
                : "";
    }

    static String memory(JsonNode resources) {
        return resources.path("memoryTotalBytes").isNumber()
                ? "%.1f of %.1f GiB"
                        .formatted(
                                resources.path("memoryAvailableBytes").asLong() / GIB,
                                resources.path("memoryTotalBytes").asLong() / GIB)
                : "";
    }
}
