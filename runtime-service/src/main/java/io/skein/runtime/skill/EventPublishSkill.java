package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.course.EventMatch;
import io.skein.runtime.publish.PublishService;
import io.skein.runtime.publish.ReservedTypes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.UUID;

/** {@code event.publish}: tells everybody something, under a type the definition allows and the fleet does not use itself. */
@ApplicationScoped
class EventPublishSkill implements Skill {

    private static final int MAX_DATA_BYTES = 64 * 1024;

    private static final ObjectNode SCHEMA = WireFormat.read("""
            {"type": "object", "additionalProperties": false, "required": ["type"], "properties": {
              "type": {"type": "string", "maxLength": 200, "pattern": "^[a-z0-9_-]{1,64}(\\\\.[a-z0-9_-]{1,64}){1,15}$",
                "description": "Two or more lower-case words joined by dots, like backup.finished."},
              "subject": {"type": "string", "maxLength": 255, "pattern": "^[^\\\\u0000-\\\\u001f\\\\u007f]*$"},
              "priority": {"enum": ["critical", "high", "normal", "low"]},
              "data": {"type": "object"}}}""", ObjectNode.class);

    private final PublishService events;
    private final Clock clock;

    @Inject
    EventPublishSkill(PublishService events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "event.publish";
    }

    @Override
    public String description() {
        return "Publish an event. Agents that are triggered by its type are woken.";
    }

    @Override
    public ObjectNode inputSchema() {
        return SCHEMA.deepCopy();
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        String type = call.input().path("type").asText();
        if (ReservedTypes.isReserved(type)) {
            return forbidden(type + " is a type only the fleet itself publishes.");
        }
        if (call.permissions().publish().stream().noneMatch(pattern -> EventMatch.fits(pattern, type))) {
            return forbidden("The agent may not publish " + type + ": no pattern of permissions.publish fits.");
        }
        JsonNode data = call.input().path("data").isObject()
                ? call.input().path("data")
                : JsonNodeFactory.instance.objectNode();
        if (WireFormat.write(data).length > MAX_DATA_BYTES) {
            return new SkillOutcome.Failed("payload_too_large", "data may have " + MAX_DATA_BYTES + " bytes.", false);
        }
        SkeinEvent event = SkeinEvent.of(type)
                .id(UUID.nameUUIDFromBytes(call.key().getBytes(StandardCharsets.UTF_8)))
                .source("/runtime-service")
                .subject(
                        call.input().hasNonNull("subject")
                                ? call.input().path("subject").asText()
                                : null)
                .time(clock.instant())
                .priority(Priority.fromWire(call.input().path("priority").asText("normal")))
                .team(call.team())
                .actor(call.actor())
                .traceId(call.traceId())
                .hops(call.hops() + 1)
                .data(data)
                .build();
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        output.put("eventId", events.publish(event, call.key(), call.input()).toString());
        return new SkillOutcome.Done(output);
    }

    private static SkillOutcome forbidden(String message) {
        return new SkillOutcome.Failed("forbidden", message, false);
    }
}
