package io.skein.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.skein.contracts.Ids;
import io.skein.contracts.wire.WireFormat;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A fact, past tense, as a CloudEvents 1.0 event in structured JSON. {@code priority}, {@code team}, {@code actor},
 * {@code traceid}, {@code planid}, {@code owner} and {@code hops} are CloudEvents extension attributes.
 *
 * @param id unique with {@code source}; consumers deduplicate by it
 * @param source the service or agent that saw it happen, as a URI reference: {@code /orchestrator-service}
 * @param type one of {@link EventTypes} or a custom dotted name
 * @param subject what it is about: a plan id, a node name, a resource
 * @param actor who caused it: a user name, or {@code agent:…} or {@code service:…}
 * @param team the team that may see it
 * @param traceid W3C trace id, 32 hex digits, or null
 * @param planid the plan it belongs to, or null
 * @param owner the person whose session or plan it is about, by user name: of the team, only that person and those who approve
 *     may see it; null when it is the whole team's
 * @param hops how many agents in a row led to it, each woken by what the one before published; null, which is 0, when none did
 * @param data the details; never secrets
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"specversion", "id", "source", "type", "subject", "time"})
public record SkeinEvent(
        UUID id,
        String source,
        String type,
        String subject,
        Instant time,
        Priority priority,
        String team,
        String actor,
        String traceid,
        UUID planid,
        String owner,
        Integer hops,
        JsonNode data) {

    /** Content type of the structured JSON form. */
    public static final String CONTENT_TYPE = "application/cloudevents+json";

    public SkeinEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(time, "time");
        priority = priority == null ? Priority.NORMAL : priority;
        hops = hops == null || hops <= 0 ? null : hops;
        data = data == null ? JsonNodeFactory.instance.objectNode() : data;
    }

    /** One no agent led to. */
    public SkeinEvent(
            UUID id,
            String source,
            String type,
            String subject,
            Instant time,
            Priority priority,
            String team,
            String actor,
            String traceid,
            UUID planid,
            String owner,
            JsonNode data) {
        this(id, source, type, subject, time, priority, team, actor, traceid, planid, owner, null, data);
    }

    @JsonProperty("specversion")
    public String specversion() {
        return "1.0";
    }

    @JsonProperty("datacontenttype")
    public String datacontenttype() {
        return "application/json";
    }

    /** Routing key on {@code skein.events}: {@code <priority>.<type>}. */
    public String routingKey() {
        return priority.wire() + "." + type;
    }

    public static Builder of(String type) {
        return new Builder(type);
    }

    /** Builds an event with a new id at the current time unless told otherwise. */
    public static final class Builder {
        private final String type;
        private UUID id = Ids.next();
        private String source;
        private String subject;
        private Instant time = Instant.now();
        private Priority priority = Priority.NORMAL;
        private String team = "default";
        private String actor;
        private String traceId;
        private UUID planId;
        private String owner;
        private Integer hops;
        private JsonNode data;

        private Builder(String type) {
            this.type = type;
        }

        public Builder id(UUID value) {
            this.id = value;
            return this;
        }

        public Builder source(String value) {
            this.source = value;
            return this;
        }

        public Builder subject(Object value) {
            this.subject = value == null ? null : value.toString();
            return this;
        }

        public Builder time(Instant value) {
            this.time = value;
            return this;
        }

        public Builder priority(Priority value) {
            this.priority = value;
            return this;
        }

        public Builder team(String value) {
            this.team = value;
            return this;
        }

        public Builder actor(String value) {
            this.actor = value;
            return this;
        }

        public Builder traceId(String value) {
            this.traceId = value;
            return this;
        }

        public Builder planId(UUID value) {
            this.planId = value;
            return this;
        }

        public Builder owner(String value) {
            this.owner = value;
            return this;
        }

        /** See {@link SkeinEvent#hops}; 0 is left out. */
        public Builder hops(int value) {
            this.hops = value;
            return this;
        }

        /** Any value Jackson can turn into a JSON object. */
        public Builder data(Object value) {
            this.data =
                    value instanceof JsonNode node ? node : WireFormat.mapper().valueToTree(value);
            return this;
        }

        public SkeinEvent build() {
            return new SkeinEvent(
                    id, source, type, subject, time, priority, team, actor, traceId, planId, owner, hops, data);
        }
    }
}
