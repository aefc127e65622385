package io.skein.runtime.webhook;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.publish.GivenKeys;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/webhooks}: the whole team's. */
@Path("/api/v1/webhooks")
@RunOnVirtualThread
@Tag(name = "webhooks")
public class WebhookResource {

    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");
    private static final int DAY = 86_400;

    /** A webhook with its secret, which no other answer tells again. */
    record WithSecret(@JsonUnwrapped Webhook webhook, String secret) {}

    /**
     * How to change the secret.
     *
     * @param overlapSeconds how long the secret before it stays good: 0 (it got out) .. 604800, default 86400
     */
    public record SecretChange(@Min(0) @Max(7 * DAY) Integer overlapSeconds) {}

    @Inject
    WebhookService service;

    @Inject
    Caller caller;

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The team's webhooks, newest first")
    public Page<Webhook> list(
            @QueryParam("size") Integer size, @QueryParam("after") String after, @QueryParam("team") String team) {
        return service.page(caller.visibility(team), Page.afterId(after), Page.size(size));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "One webhook, and what came through it")
    public Response get(@PathParam("id") String id) {
        Webhook webhook = service.find(caller.visibility(), id(id));
        return answer(Response.ok(webhook), webhook);
    }

    @POST
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Make a webhook; the answer tells its secret, this once")
    public Response create(
            @HeaderParam("Idempotency-Key") String key,
            @NotNull(message = "a body is needed") @Valid WebhookRequest request) {
        WebhookService.Told told = service.create(person(), GivenKeys.checked(key), request);
        return answer(
                Response.created(URI.create("/api/v1/webhooks/" + told.webhook().id()))
                        .entity(new WithSecret(told.webhook(), told.secret())),
                told.webhook());
    }

    @PUT
    @Path("/{id}")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(
            summary = "Change a webhook, but not its format; If-Match refuses to overwrite what somebody else changed")
    public Response replace(
            @PathParam("id") String id,
            @HeaderParam("If-Match") String ifMatch,
            @NotNull(message = "a body is needed") @Valid WebhookRequest request) {
        Webhook webhook = service.replace(person(), id(id), version(ifMatch), request);
        return answer(Response.ok(webhook), webhook);
    }

    @DELETE
    @Path("/{id}")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Delete a webhook; what is delivered to it from now on is refused")
    public void delete(@PathParam("id") String id) {
        service.delete(person(), id(id));
    }

    @POST
    @Path("/{id}/secret")
    @RolesAllowed(Role.Names.OPERATOR)
    @Operation(summary = "Give it a new secret, told this once; the one before it stays good for a while")
    public Response rotate(@PathParam("id") String id, @Valid SecretChange change) {
        int seconds = change == null || change.overlapSeconds() == null ? DAY : change.overlapSeconds();
        WebhookService.Told told = service.rotate(person(), id(id), Duration.ofSeconds(seconds));
        return answer(Response.ok(new WithSecret(told.webhook(), told.secret())), told.webhook());
    }

    private WebhookService.Person person() {
        return new WebhookService.Person(caller.team(), caller.actor(), caller.traceId());
    }

    private static Response answer(Response.ResponseBuilder response, Webhook webhook) {
        return response.header("ETag", "\"" + webhook.version() + "\"").build();
    }

    private static Optional<Long> version(String ifMatch) {
        if (ifMatch == null || ifMatch.equals("*")) {
            return Optional.empty();
        }
        Matcher matcher = ETAG.matcher(ifMatch);
        if (!matcher.matches()) {
            throw new ProblemException(ErrorCode.PRECONDITION_FAILED, "If-Match must be an ETag this webhook had.");
        }
        return Optional.of(Long.parseLong(matcher.group(1)));
    }

    /** What is no id names nothing. */
    private static UUID id(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("webhook");
        }
    }
}
