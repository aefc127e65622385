package io.skein.desktop.machine;

import io.skein.contracts.heartbeat.NodeHeartbeat.Disk;
import io.skein.contracts.heartbeat.NodeHeartbeat.Resources;
import io.skein.desktop.gpu.GpuInventory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.DoubleStream;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.software.os.OSFileStore;
import oshi.software.os.OperatingSystem;

/** A sample of the machine. Used by one thread: processor use is measured from one sample to the next. */
public class MachineProbe {

    private static final int MAX_DISKS = 32;

    /** Longer than OSHI remembers the counters (300 ms), or both readings are the same one. */
    private static final long FIRST_MEASURE_MILLIS = 500;

    private static final Set<String> NOT_STORAGE =
            Set.of("tmpfs", "devtmpfs", "ramfs", "squashfs", "iso9660", "udf", "cdfs", "autofs", "efivarfs");

    private final GpuInventory gpus;
    private final CentralProcessor processor;
    private final GlobalMemory memory;
    private final OperatingSystem system;
    private long[] lastTicks;

    public MachineProbe(GpuInventory gpus) {
        this.gpus = gpus;
        SystemInfo info = new SystemInfo();
        this.processor = info.getHardware().getProcessor();
        this.memory = info.getHardware().getMemory();
        this.system = info.getOperatingSystem();
    }

    public Resources sample() {
        return new Resources(
                osName(),
                System.getProperty("os.arch"),
                processor.getLogicalProcessorCount(),
                cpuUsed(),
                loadAverages(processor.getSystemLoadAverage(3)),
                memory.getTotal(),
                Math.clamp(memory.getAvailable(), 0, memory.getTotal()),
                disks(system.getFileSystem().getFileStores(true)),
                gpus.read());
    }

    private double cpuUsed() {
        if (lastTicks == null) {
            // The first heartbeat goes out at once and still says something true.
            lastTicks = processor.getSystemCpuLoadTicks();
            try {
                Thread.sleep(FIRST_MEASURE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        long[] ticks = processor.getSystemCpuLoadTicks();
        double used = usedBetween(lastTicks, ticks);
        lastTicks = ticks;
        return used;
    }

    /** Share of the ticks that were neither idle nor waiting for a disk, 0..1. */
    static double usedBetween(long[] before, long[] after) {
        long total = 0;
        long idle = 0;
        for (int i = 0; i < after.length; i++) {
            // A counter that ran backwards (suspend, live migration) counts as standing still.
            long ticks = Math.max(0, after[i] - before[i]);
            total += ticks;
            if (i == CentralProcessor.TickType.IDLE.getIndex() || i == CentralProcessor.TickType.IOWAIT.getIndex()) {
                idle += ticks;
            }
        }
        return total == 0 ? 0 : Math.round(1000.0 * (total - idle) / total) / 1000.0;
    }

    /** OSHI says -1 where a system has no load averages; then there are none to send. */
    static List<Double> loadAverages(double[] averages) {
        return DoubleStream.of(averages)
                .takeWhile(average -> average >= 0)
                .map(average -> Math.round(average * 100) / 100.0)
                .boxed()
                .toList();
    }

    /** Real storage, each volume once: a bind mount is the same disk again. */
    static List<Disk> disks(List<OSFileStore> stores) {
        List<Disk> disks = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (OSFileStore store : stores) {
            boolean root = store.getMount().equals("/");
            boolean storage = store.getTotalSpace() > 0
                    && (root || !NOT_STORAGE.contains(store.getType().toLowerCase(Locale.ROOT)));
            String identity = store.getVolume() + '|' + store.getTotalSpace() + '|' + store.getFreeSpace();
            if (storage && seen.add(identity) && disks.size() < MAX_DISKS) {
                disks.add(new Disk(
                        store.getMount(),
                        store.getTotalSpace(),
                        Math.clamp(store.getUsableSpace(), 0, store.getTotalSpace())));
            }
        }
        return List.copyOf(disks);
    }

    private String osName() {
        return system.getFamily() + " " + system.getVersionInfo().getVersion();
    }
}
