package io.skein.desktop.gpu;

import io.skein.contracts.heartbeat.NodeHeartbeat.Gpu;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the operating system lists on the bus: a name, and a memory figure that is the size of a window rather than of the
 * memory on most systems, so it is not passed on. Asked once per process: it starts {@code lspci} or worse.
 */
final class OshiGpus implements GpuSource {

    private final Supplier<List<String>> names;
    private List<Gpu> gpus;

    OshiGpus(Supplier<List<String>> names) {
        this.names = names;
    }

    @Override
    public synchronized List<Gpu> read() {
        if (gpus == null) {
            gpus = names.get().stream()
                    // A virtual machine's display has no name, and nobody can compute on it.
                    .filter(name -> !name.isBlank() && !name.strip().equalsIgnoreCase("unknown"))
                    .map(name -> new Gpu(name.strip(), "oshi", null, null))
                    .toList();
        }
        return gpus;
    }
}
