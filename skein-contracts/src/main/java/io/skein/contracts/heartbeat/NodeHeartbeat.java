package io.skein.contracts.heartbeat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a desktop agent says about its machine, on {@code skein.heartbeats} with routing key {@code node.<node>}.
 *
 * @param node the machine's name, unique in its team; 1..253 characters of {@code [A-Za-z0-9._-]}
 * @param team the team the machine belongs to
 * @param agentVersion version of the desktop agent
 * @param sentAt clock of the machine
 * @param intervalSeconds when the next heartbeat is due; 1..3600
 * @param goodbye true in the last heartbeat before an orderly shutdown
 * @param labels free key/value pairs from the agent's configuration
 * @param resources null in a goodbye
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeHeartbeat(
        String node,
        String team,
        String agentVersion,
        Instant sentAt,
        int intervalSeconds,
        boolean goodbye,
        Map<String, String> labels,
        Resources resources) {

    public NodeHeartbeat {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    /**
     * @param cpuCores logical processors
     * @param cpuUsedFraction 0..1 over the last interval
     * @param loadAverages 1, 5 and 15 minutes; empty where the system has none (Windows)
     * @param memoryTotalBytes physical memory
     * @param memoryAvailableBytes memory a new process could get without swapping
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Resources(
            String os,
            String arch,
            int cpuCores,
            double cpuUsedFraction,
            List<Double> loadAverages,
            long memoryTotalBytes,
            long memoryAvailableBytes,
            List<Disk> disks,
            List<Gpu> gpus) {

        public Resources {
            loadAverages = loadAverages == null ? List.of() : List.copyOf(loadAverages);
            disks = disks == null ? List.of() : List.copyOf(disks);
            gpus = gpus == null ? List.of() : List.copyOf(gpus);
        }
    }

    /** A mounted file system; sizes in bytes. */
    public record Disk(String mount, long totalBytes, long freeBytes) {}

    /**
     * A graphics processor; video memory in bytes.
     *
     * @param source the tool the figures come from: {@code nvidia-smi}, {@code rocm-smi}, {@code oshi}
     * @param vramFreeBytes null where the tool cannot tell
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Gpu(String name, String source, Long vramTotalBytes, Long vramFreeBytes) {}
}
