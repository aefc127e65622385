package io.skein.desktop.gpu;

import io.skein.contracts.heartbeat.NodeHeartbeat.Gpu;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.GraphicsCard;

/** All GPUs of the machine. The vendors' tools add up (a machine may have cards of both); OSHI speaks when they are silent. */
public final class GpuInventory {

    /** Enough for any real machine; keeps the heartbeat small whatever a tool says. */
    private static final int MAX_GPUS = 32;

    private final List<GpuSource> vendors;
    private final GpuSource fallback;

    GpuInventory(List<GpuSource> vendors, GpuSource fallback) {
        this.vendors = List.copyOf(vendors);
        this.fallback = fallback;
    }

    public static GpuInventory ofThisMachine(Duration toolTimeout) {
        return new GpuInventory(
                List.of(new NvidiaSmi(toolTimeout), new RocmSmi(toolTimeout)), new OshiGpus(() -> new SystemInfo()
                        .getHardware().getGraphicsCards().stream()
                                .map(GraphicsCard::getName)
                                .toList()));
    }

    public List<Gpu> read() {
        List<Gpu> gpus = new ArrayList<>();
        vendors.forEach(vendor -> gpus.addAll(vendor.read()));
        List<Gpu> found = gpus.isEmpty() ? fallback.read() : gpus;
        return List.copyOf(found.subList(0, Math.min(found.size(), MAX_GPUS)));
    }
}
