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
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The people of the administrator's team. */
@Path("/api/v1/users")
@RunOnVirtualThread
@RolesAllowed(Role.Names.ADMIN)
@Tag(name = "users")
public class UserResource {

    @Inject
    AccountService accounts;

    @Inject
    Caller caller;

    /** A person to add. {@code team} may be left out and else must be the administrator's own. */
    public record NewUser(
            @NotEmpty @Size(max = 128) String username,
            @NotEmpty @Size(max = 512) String password,
            @NotEmpty @Size(max = 4) Set<@NotNull String> roles,
            @Size(max = 64) String team) {

        @Override
        public String toString() {
            return "NewUser[" + username + "]";
        }
    }

    /** A person of the team. */
    public record UserView(UUID id, String name, String team, List<String> roles, boolean disabled, Instant createdAt) {

        static UserView of(User user) {
            return new UserView(user.id(), user.name(), user.team(), user.roles(), user.disabled(), user.createdAt());
        }
    }

    @GET
    public Page<UserView> list(@QueryParam("size") Integer size, @QueryParam("after") String after) {
        Page<User> page = accounts.list(caller.team(), Page.afterId(after), Page.size(size));
        return new Page<>(page.items().stream().map(UserView::of).toList(), page.next());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@NotNull @Valid NewUser user) {
        if (user.team() != null && !user.team().equals(caller.team())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "You can add people to your own team only.");
        }
        User created = accounts.create(user.username(), user.password(), caller.team(), user.roles(), caller.actor());
        return Response.status(201).entity(UserView.of(created)).build();
    }
}
