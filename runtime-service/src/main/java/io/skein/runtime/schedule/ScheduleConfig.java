package io.skein.runtime.schedule;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Schedules. */
@ConfigMapping(prefix = "skein.runtime.schedule")
interface ScheduleConfig {

    /** How many one team may have. {@code SKEIN_RUNTIME_SCHEDULES_PER_TEAM}. */
    @WithDefault("200")
    int perTeam();

    /** An event that comes no later than this is on time and nothing to make up for. {@code SKEIN_RUNTIME_SCHEDULE_GRACE}. */
    @WithDefault("1m")
    Duration grace();
}
