package io.skein.desktop.gpu;

import io.skein.contracts.heartbeat.NodeHeartbeat.Gpu;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** NVIDIA's own tool: {@code name, total, free} per line, memory in MiB. */
final class NvidiaSmi implements GpuSource {

    private static final long MIB = 1L << 20;

    private final ToolRun tool;

    NvidiaSmi(Duration timeout) {
        this(new ToolRun(
                timeout, "nvidia-smi", "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"));
    }

    NvidiaSmi(ToolRun tool) {
        this.tool = tool;
    }

    @Override
    public List<Gpu> read() {
        return tool.output().map(NvidiaSmi::parse).orElse(List.of());
    }

    /** Lines that are not three columns are the tool talking (a warning, "No devices were found") and are left out. */
    static List<Gpu> parse(String csv) {
        List<Gpu> gpus = new ArrayList<>();
        for (String line : csv.split("\\R")) {
            // A product name may hold a comma, the two figures cannot: read from the right.
            int second = line.lastIndexOf(',');
            int first = second < 0 ? -1 : line.lastIndexOf(',', second - 1);
            if (first <= 0) {
                continue;
            }
            gpus.add(new Gpu(
                    line.substring(0, first).strip(),
                    "nvidia-smi",
                    bytes(line.substring(first + 1, second)),
                    bytes(line.substring(second + 1))));
        }
        return gpus;
    }

    /** {@code [N/A]} on boards that share the machine's memory: unknown, not zero. */
    private static Long bytes(String mebibytes) {
        try {
            return Math.multiplyExact(Long.parseLong(mebibytes.strip()), MIB);
        } catch (NumberFormatException | ArithmeticException e) {
            return null;
        }
    }
}
