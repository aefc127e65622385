package io.skein.runtime.webhook;

import io.skein.contracts.event.Priority;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.publish.EventRules;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.UUID;

/**
 * A webhook as somebody wants it.
 *
 * @param name for people; need not be unique
 * @param format {@code generic}, {@code github} or {@code alertmanager}; cannot be changed later
 * @param type of its events; {@code generic} only, and not one of the fleet's own
 * @param priority of its events; default: normal, for alerts by their label {@code severity}
 * @param subject of its events; default: the repository, or the alert's {@code instance}
 * @param enabled default true
 */
record WebhookRequest(
        @NotBlank @Size(max = 100) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String name,

        @NotNull Format format,

        @Pattern(regexp = EventRules.TYPE, message = EventRules.TYPE_MESSAGE) @Size(max = EventRules.MAX_TYPE) String type,

        Priority priority,

        @Size(max = EventRules.MAX_SUBJECT) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String subject,

        Boolean enabled) {

    boolean isEnabled() {
        return enabled == null || enabled;
    }

    /**
     * @throws ProblemException validation_failed, naming the field
     */
    WebhookRequest checked() {
        if (format == Format.GENERIC) {
            if (type == null) {
                throw ProblemException.invalid("type", "is needed: what is delivered does not say it");
            }
            EventRules.requireOwnType("type", type);
        } else if (type != null) {
            throw ProblemException.invalid("type", "is for the generic format; here the delivery says it");
        }
        return this;
    }

    Webhook webhook(UUID id, String team, String actor, Instant now) {
        return new Webhook(
                id,
                team,
                name.strip(),
                format,
                type,
                priority,
                subject,
                isEnabled(),
                null,
                actor,
                actor,
                now,
                now,
                1,
                Webhook.Counts.NONE);
    }
}
