package io.skein.runtime.task;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How tasks are worked on. */
@ConfigMapping(prefix = "skein.runtime.tasks")
interface TaskConfig {

    /** How many agents in a row may wake each other, 1 or more. {@code SKEIN_RUNTIME_MAX_HOPS}. */
    @WithDefault("8")
    int maxHops();

    /** So many tasks of an instance failed in a row put it into error. {@code SKEIN_RUNTIME_MAX_FAILURES}. */
    @WithDefault("5")
    int maxFailures();

    /** How long a replica that says nothing is believed to be there. */
    @WithDefault("10s")
    Duration lease();

    /** How often it says so; less than a third of {@link #lease}. */
    @WithDefault("3s")
    Duration renew();

    /** How often the database is looked at for what there is to do. */
    @WithDefault("500ms")
    Duration tick();

    /** How often something that goes on elsewhere is looked at, when nothing hints at news. */
    @WithDefault("3s")
    Duration look();

    /** How often what a task took is kept, a lock for example. */
    @WithDefault("15s")
    Duration keep();

    /** Before the first further attempt at a step; doubled for each following one. */
    @WithDefault("1s")
    Duration retry();

    /** For how long taking back what a cancelled task began is tried. */
    @WithDefault("60s")
    Duration withdraw();
}
