package io.skein.runtime.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
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
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

/** Publishing an event of one's own team. */
@Path("/api/v1/events/publish")
@RunOnVirtualThread
public class PublishResource {

    private static final int MAX_DATA_BYTES = 64 * 1024;

    /**
     * @param type dotted lower-case words; not one of the fleet's own
     * @param data a JSON object of at most 64 KiB
     */
    public record Publication(
            @NotNull @Pattern(
                    regexp = "[a-z0-9_-]{1,64}(\\.[a-z0-9_-]{1,64}){1,15}",
                    message = "must be two or more lower-case words joined by dots, like backup.finished")
            @Size(max = 200) String type,

            @Size(max = 255) @Pattern(regexp = "\\P{Cntrl}*", message = "must not hold control characters") String subject,

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
    public Response publish(@HeaderParam("Idempotency-Key") String key, @Context HttpHeaders headers, byte[] bytes)
            throws IOException {
        if (bytes == null || bytes.length == 0) {
            throw ProblemException.invalid("body", "is needed");
        }
        Optional<CloudEventBinding.Received> received = CloudEventBinding.read(headers, bytes);
        Publication body =
                received.isPresent() ? received.get().publication() : json.readValue(bytes, Publication.class);
        check(body);
        PublishService.checkedKey(key);
        SkeinEvent event = SkeinEvent.of(body.type())
                .source("/runtime-service")
                .subject(body.subject())
                .time(received.map(CloudEventBinding.Received::time).orElseGet(clock::instant))
                .priority(body.priority() == null ? Priority.NORMAL : body.priority())
                .team(caller.team())
                .actor(caller.actor())
                .traceId(caller.traceId())
                .data(body.data() == null || body.data().isNull() ? Map.of() : body.data())
                .build();
        String once = key != null
                ? key
                : received.map(CloudEventBinding.Received::identity)
                        .map(PublishService::keyOf)
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
        if (ReservedTypes.isReserved(body.type())) {
            throw ProblemException.invalid(
                    "type", "is one only the fleet itself publishes; begin it with a word of your own");
        }
        checkData(body.data());
    }

    private static void checkData(JsonNode data) {
        if (data == null || data.isNull()) {
            return;
        }
        if (!data.isObject()) {
            throw ProblemException.invalid("data", "must be a JSON object");
        }
        String json = WireFormat.writeString(data);
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_DATA_BYTES) {
            throw new ProblemException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "data may have " + MAX_DATA_BYTES + " bytes; put large things elsewhere.");
        }
        if (json.contains("\\u0000")) {
            throw ProblemException.invalid("data", "must not hold the character NUL");
        }
    }
}
