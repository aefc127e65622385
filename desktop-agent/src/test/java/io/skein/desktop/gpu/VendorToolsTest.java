package io.skein.desktop.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.heartbeat.NodeHeartbeat.Gpu;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VendorToolsTest {

    private static final long MIB = 1L << 20;

    @TempDir
    Path bin;

    @Test
    void nvidiaSmiSpeaksMebibytesAndSaysWhenItCannotTell() throws IOException {
        assertEquals(
                List.of(
                        new Gpu("NVIDIA GeForce RTX 3090", "nvidia-smi", 24576 * MIB, 23987 * MIB),
                        new Gpu("NVIDIA GeForce GTX 1060 6GB", "nvidia-smi", 6144 * MIB, 0L),
                        new Gpu("NVIDIA GB10", "nvidia-smi", null, null)),
                NvidiaSmi.parse(sample("nvidia-smi.csv")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "No devices were found",
                "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
                ", 1, 2"
            })
    void whatIsNotATableOfGpusIsNone(String output) {
        assertEquals(List.of(), NvidiaSmi.parse(output));
    }

    @Test
    void rocmSmiOfToday() throws IOException {
        assertEquals(
                List.of(
                        new Gpu("AMD Instinct MI210", "rocm-smi", 68702699520L, 68691738624L),
                        new Gpu("AMD Instinct MI210", "rocm-smi", 68702699520L, 34342961152L)),
                RocmSmi.parse(sample("rocm-smi-6.json")));
    }

    @Test
    void rocmSmiOfYesterday() throws IOException {
        assertEquals(
                List.of(new Gpu("Vega 20", "rocm-smi", 17163091968L, 17149149184L)),
                RocmSmi.parse(sample("rocm-smi-4.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ERROR: no AMD GPUs", "{\"card0\": ", "{}"})
    void whatIsNotRocmJsonIsNone(String output) {
        assertEquals(List.of(), RocmSmi.parse(output));
    }

    @Test
    void aCardWithoutUsableNameOrFiguresIsStillThere() {
        assertEquals(
                List.of(new Gpu("AMD GPU card0", "rocm-smi", null, null)),
                RocmSmi.parse("{\"card0\": {\"Card Series\": \"N/A\", \"Card Model\": \"0x740f\"}}"));
    }

    @Test
    void aToolThatAnswersIsRead() throws IOException {
        assertEquals(
                List.of(new Gpu("Fake, with comma", "nvidia-smi", 8 * MIB, 4 * MIB)),
                new NvidiaSmi(new ToolRun(Duration.ofSeconds(5), tool("echo 'Fake, with comma, 8, 4'"))).read());
    }

    @Test
    void aToolThatHangsIsKilledInTime() throws IOException {
        ToolRun hanging = new ToolRun(Duration.ofMillis(200), tool("exec sleep 60"));

        long start = System.nanoTime();
        Optional<String> output = hanging.output();

        assertEquals(Optional.empty(), output);
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10, "waited for the hanging tool");
    }

    @Test
    void aToolThatFailsOrFloodsOrIsAbsentHasNoOutput() throws IOException {
        Duration timeout = Duration.ofMillis(500);

        assertEquals(Optional.empty(), new ToolRun(timeout, tool("echo GPU, 1, 1; exit 9")).output());
        assertEquals(Optional.empty(), new ToolRun(timeout, tool("exec yes GPU, 1, 1")).output());
        assertEquals(Optional.empty(), new ToolRun(timeout, "no-such-tool-here").output());
    }

    @Test
    void theBusIsAskedOnceAndOnlyWhenTheVendorsAreSilent() {
        AtomicInteger asked = new AtomicInteger();
        OshiGpus bus = new OshiGpus(() -> {
            asked.incrementAndGet();
            return List.of(" Matrox G200 ", "", "unknown");
        });
        GpuSource vendor = () -> List.of(new Gpu("RTX", "nvidia-smi", 2L, 1L));

        assertEquals(vendor.read(), new GpuInventory(List.of(vendor, List::of), bus).read());
        assertEquals(0, asked.get());

        GpuInventory silent = new GpuInventory(List.of(List::of), bus);
        assertEquals(List.of(new Gpu("Matrox G200", "oshi", null, null)), silent.read());
        assertEquals(1, silent.read().size());
        assertEquals(1, asked.get());
    }

    private String tool(String script) throws IOException {
        Path file = Files.createTempFile(bin, "tool", ".sh");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertTrue(file.toFile().setExecutable(true));
        return file.toString();
    }

    private static String sample(String name) throws IOException {
        try (InputStream in = VendorToolsTest.class.getResourceAsStream("/gpu/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
