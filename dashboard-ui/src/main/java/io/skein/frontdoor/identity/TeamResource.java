package io.skein.frontdoor.identity;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The teams of the fleet, for administrators of the home team. */
@Path("/api/v1/teams")
@RunOnVirtualThread
@RolesAllowed(Role.Names.ADMIN)
@Tag(name = "teams")
public class TeamResource {

    @Inject
    TeamService teams;

    @Inject
    Caller caller;

    /** A team to make. */
    public record NewTeam(@NotEmpty @Size(max = 64) String name) {}

    /** A team. */
    public record TeamView(String name, int people, String createdBy, Instant createdAt) {

        static TeamView of(Team team) {
            return new TeamView(team.name(), team.people(), team.createdBy(), team.createdAt());
        }
    }

    @GET
    public Page<TeamView> list(@QueryParam("size") Integer size, @QueryParam("after") String after) {
        requireFleet();
        Page<Team> page = teams.list(after, Page.size(size));
        return new Page<>(page.items().stream().map(TeamView::of).toList(), page.next());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@NotNull @Valid NewTeam team) {
        requireFleet();
        return Response.status(201)
                .entity(TeamView.of(teams.create(team.name(), caller.actor())))
                .build();
    }

    @GET
    @Path("/{name}")
    public TeamView get(@PathParam("name") String name) {
        requireFleet();
        return TeamView.of(teams.find(name));
    }

    @DELETE
    @Path("/{name}")
    public void delete(@PathParam("name") String name) {
        requireFleet();
        teams.delete(name, caller.actor());
    }

    private void requireFleet() {
        if (!caller.team().equals(Team.HOME)) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN, "Teams are kept by the administrators of the team " + Team.HOME + ".");
        }
    }
}
