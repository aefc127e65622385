package io.skein.runtime.task;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/runtime/metrics}: how the team's agents do. */
@Path("/api/v1/runtime/metrics")
@RunOnVirtualThread
@Tag(name = "runtime")
public class FiguresResource {

    private static final int MAX_HOURS = 90 * 24;

    @Inject
    FiguresRepository figures;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /** Per agent, for the tasks that ended since then. */
    public record Figures(Instant since, List<FiguresRepository.OfAgent> items) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Count, success rate, mean and p95 duration and cost per agent, of the last hours")
    public Figures metrics(
            @QueryParam("agent") String agent,
            @QueryParam("hours") @DefaultValue("24") int hours,
            @QueryParam("team") String team) {
        if (hours < 1 || hours > MAX_HOURS) {
            throw ProblemException.invalid("hours", "must be 1.." + MAX_HOURS);
        }
        Instant since = clock.instant().minus(Duration.ofHours(hours));
        return new Figures(since, figures.perAgent(caller.visibility(team), agent, since));
    }
}
