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
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The people of the administrator's team; administrators of the home team may name another one. */
@Path("/api/v1/users")
@RunOnVirtualThread
@RolesAllowed(Role.Names.ADMIN)
@Tag(name = "users")
public class UserResource {

    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    @Inject
    UserService users;

    @Inject
    PasswordService passwords;

    @Inject
    Caller caller;

    @Inject
    JsonWebToken token;

    /** A person to add. {@code team} may be left out and else must be one the administrator administers. */
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

    /** What to change; a member that is left out stays as it is. */
    public record UserChange(@Size(min = 1, max = 4) Set<@NotNull String> roles, Boolean disabled) {}

    /** The password somebody gets from an administrator. */
    public record NewPassword(@NotEmpty @Size(max = 512) String password) {

        @Override
        public String toString() {
            return "NewPassword[secret]";
        }
    }

    /** A person of the team. */
    public record UserView(
            UUID id,
            String name,
            String team,
            List<String> roles,
            boolean hasPassword,
            boolean disabled,
            Instant createdAt) {

        static UserView of(User user) {
            return new UserView(
                    user.id(),
                    user.name(),
                    user.team(),
                    user.roles(),
                    user.hasPassword(),
                    user.disabled(),
                    user.createdAt());
        }
    }

    @GET
    public Page<UserView> list(
            @QueryParam("team") String team, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        Page<User> page = users.list(administrator(), Optional.ofNullable(team), Page.afterId(after), Page.size(size));
        return new Page<>(page.items().stream().map(UserView::of).toList(), page.next());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@NotNull @Valid NewUser user) {
        User created = users.create(
                administrator(), user.username(), user.password(), Optional.ofNullable(user.team()), user.roles());
        return answer(201, created);
    }

    @GET
    @Path("/{id}")
    public Response get(@PathParam("id") String id) {
        return answer(200, users.find(administrator(), parse(id)));
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response change(
            @PathParam("id") String id, @HeaderParam("If-Match") String ifMatch, @NotNull @Valid UserChange change) {
        if (change.roles() == null && change.disabled() == null) {
            throw ProblemException.invalid("roles", "or disabled must be given, there is nothing to change");
        }
        return answer(
                200,
                users.change(
                        administrator(),
                        parse(id),
                        new UserService.Change(
                                Optional.ofNullable(change.roles()), Optional.ofNullable(change.disabled())),
                        version(ifMatch)));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        users.delete(administrator(), parse(id));
    }

    @POST
    @Path("/{id}/password")
    @Consumes(MediaType.APPLICATION_JSON)
    public void resetPassword(@PathParam("id") String id, @NotNull @Valid NewPassword password) {
        passwords.reset(administrator(), parse(id), password.password());
    }

    private Administrator administrator() {
        return new Administrator(
                CallerId.of(token)
                        .orElseThrow(() -> new ProblemException(ErrorCode.FORBIDDEN, "People administer people.")),
                caller.actor(),
                caller.team());
    }

    private static Response answer(int status, User user) {
        return Response.status(status)
                .entity(UserView.of(user))
                .header("ETag", "\"" + user.version() + "\"")
                .build();
    }

    /** What is no id is nobody's. */
    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("such person");
        }
    }

    private static Optional<Long> version(String ifMatch) {
        if (ifMatch == null || ifMatch.equals("*")) {
            return Optional.empty();
        }
        Matcher matcher = ETAG.matcher(ifMatch);
        if (!matcher.matches()) {
            throw new ProblemException(ErrorCode.PRECONDITION_FAILED, "If-Match must be an ETag this account had.");
        }
        return Optional.of(Long.parseLong(matcher.group(1)));
    }
}
