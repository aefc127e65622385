package io.skein.runtime.log;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
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
 * @param seq the order in which the log got them; the cursor of lists
 * @param owner the person whose session or plan it is about, null when it is the team's
 * @param hops how many agents in a row led to it
 * @param receivedAt when the log got it; {@code time} is when it happened
 * @param routedTo ids of the agent definitions it woke
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
        Instant routedAt) {

    /** One no agent led to. */
    public LoggedEvent(
            long seq,
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
            Instant time,
            Instant receivedAt,
            JsonNode data,
            Routing routing,
            List<String> routedTo,
            Instant routedAt) {
        this(
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
                0,
                time,
                receivedAt,
                data,
                routing,
                routedTo,
                routedAt);
    }

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

    /** True when at least one agent was woken. */
    public boolean isHandled() {
        return routing == Routing.ROUTED;
    }
}
