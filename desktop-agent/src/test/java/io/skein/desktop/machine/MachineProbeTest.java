package io.skein.desktop.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.heartbeat.NodeHeartbeat.Resources;
import io.skein.desktop.gpu.GpuInventory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MachineProbeTest {

    @Test
    void thisMachineHasFigures() {
        Resources resources = new MachineProbe(GpuInventory.ofThisMachine(Duration.ofSeconds(4))).sample();

        assertEquals(Runtime.getRuntime().availableProcessors(), resources.cpuCores());
        assertTrue(resources.cpuUsedFraction() >= 0 && resources.cpuUsedFraction() <= 1);
        assertTrue(resources.memoryTotalBytes() > 1L << 28);
        assertTrue(resources.memoryAvailableBytes() > 0);
        assertTrue(resources.memoryAvailableBytes() <= resources.memoryTotalBytes());
        assertFalse(resources.disks().isEmpty());
        resources.disks().forEach(disk -> assertTrue(disk.freeBytes() <= disk.totalBytes(), disk.toString()));
        assertFalse(resources.os().isBlank());
    }

    @Test
    void theFirstSampleMeasuresTheProcessor() {
        AtomicBoolean busy = new AtomicBoolean(true);
        Thread.ofPlatform().daemon().start(() -> {
            while (busy.get()) {
                Thread.onSpinWait();
            }
        });
        try {
            MachineProbe probe = new MachineProbe(GpuInventory.ofThisMachine(Duration.ofSeconds(4)));

            assertTrue(probe.sample().cpuUsedFraction() > 0, "a thread was busy all the time");
        } finally {
            busy.set(false);
        }
    }

    @Test
    void waitingForADiskIsNotUsingTheProcessor() {
        // USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL
        long[] before = {100, 0, 50, 1000, 10, 0, 0, 0};
        long[] after = {120, 0, 60, 1060, 20, 0, 0, 0};

        assertEquals(0.3, MachineProbe.usedBetween(before, after));
        assertEquals(0.0, MachineProbe.usedBetween(after, after));
        assertEquals(0.0, MachineProbe.usedBetween(after, before), "counters that ran backwards");
    }

    @Test
    void loadAveragesThatDoNotExistAreNotSent() {
        assertEquals(List.of(0.12, 1.0, 2.35), MachineProbe.loadAverages(new double[] {0.1234, 1, 2.349}));
        assertEquals(List.of(), MachineProbe.loadAverages(new double[] {-1, -1, -1}));
    }
}
