package io.skein.runtime.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.publish.EventRules;
import io.skein.runtime.publish.GivenKeys;
import io.skein.runtime.publish.PublishService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Makes an event of a report. */
@ApplicationScoped
class ReportService {

    /** Who reports. */
    record Reporter(String team, String actor, String traceId) {}

    @Inject
    PublishService events;

    @Inject
    Clock clock;

    /**
     * @param key the caller's Idempotency-Key, or null
     * @return the id of the event
     */
    UUID publish(Report report, Reporter reporter, String key) {
        EventRules.data("details", report.details());
        ObjectNode data = WireFormat.mapper().valueToTree(report);
        SkeinEvent event = SkeinEvent.of(report.eventType())
                .source("/runtime-service")
                .subject(report.about())
                .time(clock.instant())
                .priority(report.urgency())
                .team(reporter.team())
                .actor(reporter.actor())
                .traceId(reporter.traceId())
                .data(data)
                .build();
        // With the type: the same key and body at two addresses is a mistake, not a repetition.
        return events.publish(event, GivenKeys.checked(key), List.of(report.eventType(), data));
    }
}
