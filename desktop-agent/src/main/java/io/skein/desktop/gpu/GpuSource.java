package io.skein.desktop.gpu;

import io.skein.contracts.heartbeat.NodeHeartbeat.Gpu;
import java.util.List;

/** One way to find out about GPUs. */
interface GpuSource {

    /** The GPUs this source sees now; empty when there are none or the tool is not there. */
    List<Gpu> read();
}
