package io.skein.infra.match;

import io.skein.infra.agent.TeamGate;
import io.skein.infra.catalogue.Playbook;
import io.skein.platform.auth.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/**
 * Which playbooks of the agent's team are meant; for another team nothing matches. Reads only: nothing is planned and nothing
 * runs.
 */
@Path("/api/v1/playbooks/match")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
public class MatchResource {

    @Inject
    MatchService service;

    @Inject
    TeamGate gate;

    /**
     * @param limit how many candidates per task; default 5
     */
    public record MatchRequest(
            @NotEmpty @Size(max = 50) List<@Valid @NotNull TaskText> tasks,
            @Min(1) @Max(20) Integer limit) {}

    /**
     * @param text one clause of a request
     * @param context what was said before it: earlier clauses, the service in question
     */
    public record TaskText(
            @NotBlank @Size(max = 2000) String text,
            @Size(max = 4000) String context) {}

    /** Results in the order of the tasks. */
    public record MatchResponse(double threshold, List<Result> results) {}

    /** {@code matched} is null under the threshold, and when two playbooks are too close to tell. */
    public record Result(String text, double confidence, Playbook matched, List<Candidate> candidates) {}

    public record Candidate(Playbook playbook, double confidence) {}

    @POST
    public MatchResponse match(@NotNull @Valid MatchRequest request, @QueryParam("team") String team) {
        int limit = request.limit() == null ? 5 : request.limit();
        boolean open = gate.isOpen(team);
        return new MatchResponse(
                service.threshold(),
                request.tasks().stream()
                        .map(task -> open
                                ? result(task, service.match(task.text(), task.context(), limit))
                                : new Result(task.text(), 0, null, List.of()))
                        .toList());
    }

    private static Result result(TaskText task, Matcher.Match match) {
        return new Result(
                task.text(),
                rounded(match.confidence()),
                match.matched(),
                match.candidates().stream()
                        .map(c -> new Candidate(c.playbook(), rounded(c.confidence())))
                        .toList());
    }

    private static double rounded(double confidence) {
        return Math.round(confidence * 1000) / 1000.0;
    }
}
