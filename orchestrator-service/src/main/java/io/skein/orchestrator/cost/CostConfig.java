package io.skein.orchestrator.cost;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;

/** What an hour of a machine costs, for the estimate in a plan. */
@ConfigMapping(prefix = "skein.orchestrator.cost")
interface CostConfig {

    /** US dollars for a host that a step runs on; 0: not estimated. {@code SKEIN_COST_HOST_HOUR_USD}. */
    @WithDefault("0")
    BigDecimal hostHourUsd();

    /** US dollars more for a host where the playbook needs memory of a GPU. {@code SKEIN_COST_GPU_HOUR_USD}. */
    @WithDefault("0")
    BigDecimal gpuHourUsd();
}
