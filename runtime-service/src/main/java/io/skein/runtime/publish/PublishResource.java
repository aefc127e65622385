package io.skein.runtime.publish;

import com.fasterxml.jackson.databind.JsonNode;
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
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;

/** Publishing an event of one's own team. */
@Path("/api/v1/events/publish")
@RunOnVirtualThread
public class PublishResource {

    private static final int MAX_DATA_BYTES = 64 * 1024;
    private static final int MAX_KEY = 128;

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

    @POST
    @RolesAllowed(Role.Names.OPERATOR)
    public Response publish(
            @HeaderParam("Idempotency-Key") String key,
            @NotNull(message = "a body is needed") @Valid Publication body) {
        if (ReservedTypes.isReserved(body.type())) {
            throw ProblemException.invalid(
                    "type", "is one only the fleet itself publishes; begin it with a word of your own");
        }
        if (key != null && (key.isBlank() || key.length() > MAX_KEY)) {
            throw ProblemException.invalid("Idempotency-Key", "must be 1.." + MAX_KEY + " characters");
        }
        checkData(body.data());
        SkeinEvent event = SkeinEvent.of(body.type())
                .source("/runtime-service")
                .subject(body.subject())
                .time(clock.instant())
                .priority(body.priority() == null ? Priority.NORMAL : body.priority())
                .team(caller.team())
                .actor(caller.actor())
                .traceId(caller.traceId())
                .data(body.data() == null || body.data().isNull() ? Map.of() : body.data())
                .build();
        return Response.status(Response.Status.CREATED)
                .entity(new Published(events.publish(event, key, body)))
                .build();
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
