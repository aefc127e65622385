package io.skein.runtime.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Publishing an event of one's own team. */
@Path("/api/v1/events/publish")
@RunOnVirtualThread
@Tag(name = "events")
public class PublishResource {

    /**
     * @param type dotted lower-case words; not one of the fleet's own
     * @param data a JSON object of at most 64 KiB
     */
    public record Publication(
            @NotNull @Pattern(regexp = EventRules.TYPE, message = EventRules.TYPE_MESSAGE) @Size(max = EventRules.MAX_TYPE) String type,

            @Size(max = EventRules.MAX_SUBJECT) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String subject,

            Priority priority,
            JsonNode data) {}

    record Published(UUID id) {}

    @Inject
    PublishService events;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @Inject
    Validator validator;

    @Inject
    ObjectMapper json;

    /**
     * The body is a {@link Publication}, or a CloudEvents 1.0 event in the structured mode, or the data of one in the binary mode
     * ({@code ce-} headers). Of a CloudEvent type, subject, time, data and the extension {@code priority} are taken; the team and
     * who caused it are the caller's. Its source and id serve as the key when no Idempotency-Key comes with it.
     */
    @POST
    @Consumes({MediaType.APPLICATION_JSON, SkeinEvent.CONTENT_TYPE})
    @RolesAllowed(Role.Names.OPERATOR)
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Publication.class)),
                @Content(mediaType = SkeinEvent.CONTENT_TYPE, schema = @Schema(type = SchemaType.OBJECT))
            })
    @Operation(summary = "Publish an event of one's own team, once per Idempotency-Key; a plain body or a CloudEvent")
    public Response publish(@HeaderParam("Idempotency-Key") String key, @Context HttpHeaders headers, byte[] bytes)
            throws IOException {
        if (bytes == null || bytes.length == 0) {
            throw ProblemException.invalid("body", "is needed");
        }
        Optional<CloudEventBinding.Received> received = CloudEventBinding.read(headers, bytes);
        Publication body =
                received.isPresent() ? received.get().publication() : json.readValue(bytes, Publication.class);
        check(body);
        GivenKeys.checked(key);
        SkeinEvent event = SkeinEvent.of(body.type())
                .source("/runtime-service")
                .subject(body.subject())
                .time(received.map(CloudEventBinding.Received::time).orElseGet(clock::instant))
                .priority(body.priority() == null ? Priority.NORMAL : body.priority())
                .team(caller.team())
                .actor(caller.actor())
                .traceId(caller.traceId())
                .data(EventRules.data("data", body.data()))
                .build();
        String once = key != null
                ? key
                : received.map(CloudEventBinding.Received::identity)
                        .map(GivenKeys::of)
                        .orElse(null);
        return Response.status(Response.Status.CREATED)
                .entity(new Published(events.publish(event, once, body)))
                .build();
    }

    private void check(Publication body) {
        if (body == null) {
            throw ProblemException.invalid("body", "is needed");
        }
        Set<ConstraintViolation<Publication>> violations = validator.validate(body);
        if (!violations.isEmpty()) {
            throw new ConstraintViolationException(violations);
        }
        EventRules.requireOwnType("type", body.type());
    }
}
