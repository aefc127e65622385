package io.skein.frontdoor.apitokens;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.tokens.TokenIssuer;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
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
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The caller's API tokens; an administrator also sees and revokes those of the team. */
@Path("/api/v1/tokens")
@RunOnVirtualThread
@RolesAllowed(Role.Names.VIEWER)
@Tag(name = "api tokens")
public class ApiTokenResource {

    @Inject
    ApiTokenService tokens;

    @Inject
    Caller caller;

    @Inject
    JsonWebToken jwt;

    /**
     * A token to make.
     *
     * @param kind {@code person} (when left out), {@code node} or {@code agent}
     * @param scopes of a person's: some of the caller's roles
     * @param subject of a node's or agent's: its name or id
     * @param expiresInDays 90 when left out
     */
    public record NewApiToken(
            @NotBlank @Size(max = 100) String name,
            @Size(max = 10) String kind,
            @Size(max = 4) Set<@NotNull @Size(max = 20) String> scopes,
            @Size(max = 253) String subject,
            Integer expiresInDays) {}

    /** A token, without its text. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ApiTokenView(
            UUID id,
            String name,
            String kind,
            String owner,
            List<String> scopes,
            String subject,
            Instant createdAt,
            Instant expiresAt,
            Instant lastUsedAt,
            boolean expired,
            String token) {

        static ApiTokenView of(ApiToken token, Instant now, String text) {
            return new ApiTokenView(
                    token.id(),
                    token.name(),
                    token.kind().wire(),
                    token.owner().name(),
                    token.scopes(),
                    token.subject(),
                    token.createdAt(),
                    token.expiresAt(),
                    token.lastUsedAt(),
                    !now.isBefore(token.expiresAt()),
                    text);
        }

        @Override
        public String toString() {
            return "ApiTokenView[" + id + "]";
        }
    }

    /** {@code all=true}, for administrators: everybody's of the team. */
    @GET
    public Page<ApiTokenView> list(
            @QueryParam("all") boolean all, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        if (all && !caller.has(Role.ADMIN)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only an administrator sees the tokens of others.");
        }
        Page<ApiToken> page = tokens.list(asker(), all, Page.afterId(after), Page.size(size));
        Instant now = tokens.now();
        return new Page<>(
                page.items().stream()
                        .map(token -> ApiTokenView.of(token, now, null))
                        .toList(),
                page.next());
    }

    /** The answer is the only one with the token's text. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@NotNull @Valid NewApiToken wanted) {
        requirePerson();
        TokenKind kind = TokenKind.fromWire(wanted.kind() == null ? TokenKind.PERSON.wire() : wanted.kind())
                .orElseThrow(() -> ProblemException.invalid("kind", "must be person, node or agent"));
        ApiTokenService.Created created = tokens.create(
                asker(),
                new ApiTokenService.Wanted(
                        wanted.name(),
                        kind,
                        wanted.scopes() == null ? Set.of() : wanted.scopes(),
                        wanted.subject(),
                        wanted.expiresInDays()));
        return Response.status(201)
                .entity(ApiTokenView.of(
                        created.token(), tokens.now(), created.text().value()))
                .header("Cache-Control", "no-store")
                .build();
    }

    @DELETE
    @Path("/{id}")
    public Response revoke(@PathParam("id") UUID id) {
        requirePerson();
        tokens.revoke(asker(), id);
        return Response.noContent().build();
    }

    /** The gate lets API tokens only read here; this holds should a path ever lead past it. */
    private void requirePerson() {
        if (jwt.getClaim(TokenIssuer.API_TOKEN_CLAIM) != null) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Sign in for this; an API token cannot make API tokens.");
        }
    }

    private ApiTokenService.Asker asker() {
        return new ApiTokenService.Asker(
                UUID.fromString(jwt.getSubject()), caller.name(), caller.team(), caller.has(Role.ADMIN));
    }
}
