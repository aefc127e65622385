package io.skein.runtime.log;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * An event as the log has it.
 *
 * <pre>
 *  logged ──► PENDING ──── registry answers: some agents ──► ROUTED
 *               │  ▲
 *               │  └── registry away: asked again
 *               └───────── registry answers: none ──► UNHANDLED
 * </pre>
 *
 * @param seq the order in which the log got them, 0 before it is written
 * @param owner the person whose session or plan it is about, null when it is the team's
 * @param hops how many agents in a row led to it
 * @param receivedAt when the log got it; {@code time} is when it happened
 * @param routedTo ids of the agent definitions it woke
 * @param woken the same version by version, while it is being routed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoggedEvent(
        @JsonIgnore long seq,
        UUID id,
        String source,
        String type,
        String subject,
        Priority priority,
        String team,
        String actor,
        UUID planId,
        String traceId,
        String owner,
        int hops,
        Instant time,
        Instant receivedAt,
        JsonNode data,
        Routing routing,
        List<String> routedTo,
        Instant routedAt,
        @JsonIgnore List<Woken> woken) {

    /** Where routing stands. */
    public enum Routing {
        PENDING,
        ROUTED,
        UNHANDLED;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** As it comes in, with what PostgreSQL cannot store replaced; it gets its place in the order when it is written. */
    public static LoggedEvent pending(SkeinEvent event, Instant receivedAt) {
        return new LoggedEvent(
                0,
                event.id(),
                Storable.text(event.source()),
                Storable.text(event.type()),
                Storable.text(event.subject()),
                event.priority(),
                event.team() == null ? "default" : Storable.text(event.team()),
                Storable.text(event.actor()),
                event.planid(),
                Storable.text(event.traceid()),
                Storable.text(event.owner()),
                event.hops() == null ? 0 : event.hops(),
                Storable.time(event.time()),
                receivedAt,
                event.data(),
                Routing.PENDING,
                List.of(),
                null,
                List.of());
    }

    /** The same when it is decided whom it wakes. */
    public LoggedEvent routed(List<Woken> agents, Instant now) {
        return new LoggedEvent(
                seq,
                id,
                source,
                type,
                subject,
                priority,
                team,
                actor,
                planId,
                traceId,
                owner,
                hops,
                time,
                receivedAt,
                data,
                agents.isEmpty() ? Routing.UNHANDLED : Routing.ROUTED,
                agents.stream().map(Woken::agent).distinct().toList(),
                now,
                agents);
    }

    /** True when at least one agent was woken. */
    public boolean isHandled() {
        return routing == Routing.ROUTED;
    }
}
