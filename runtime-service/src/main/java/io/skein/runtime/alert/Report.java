package io.skein.runtime.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.runtime.publish.EventRules;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;

/** Something that is reported; written into the event as it is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface Report {

    /** The type of its event. */
    String eventType();

    Priority urgency();

    /** What it is about: the subject of its event. */
    String about();

    /** What else the reporter has to say: a JSON object of at most 64 KiB, or null. */
    JsonNode details();

    /**
     * A screen shows nothing.
     *
     * @param device whose screen
     * @param since when it went black, if that is known
     */
    record BlackScreen(
            @NotBlank @Size(max = EventRules.MAX_SUBJECT) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String device,

            @Size(max = 2000) String description,
            Instant since,
            JsonNode details)
            implements Report {

        @Override
        public String eventType() {
            return EventTypes.ALERT_BLACKSCREEN;
        }

        @Override
        public Priority urgency() {
            return Priority.CRITICAL;
        }

        @Override
        public String about() {
            return device;
        }
    }

    /**
     * Somebody noticed that a device is gone; for one with a desktop agent the registry notices by itself.
     *
     * @param lastSeenAt when it was there last, if that is known
     */
    record DeviceOffline(
            @NotBlank @Size(max = EventRules.MAX_SUBJECT) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String device,

            @Size(max = 2000) String description,
            Instant lastSeenAt,
            JsonNode details)
            implements Report {

        @Override
        public String eventType() {
            return EventTypes.ALERT_DEVICE_OFFLINE;
        }

        @Override
        public Priority urgency() {
            return Priority.CRITICAL;
        }

        @Override
        public String about() {
            return device;
        }
    }

    /**
     * A build is live.
     *
     * @param environment where, like {@code production}
     * @param commit of the source, 7..64 hex digits
     * @param url where to read more, http or https
     */
    record BuildDeployed(
            @NotBlank @Size(max = EventRules.MAX_SUBJECT) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String project,

            @NotBlank @Size(max = 100) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String version,

            @Size(max = 100) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String environment,

            @Pattern(regexp = "[0-9a-f]{7,64}", message = "must be 7..64 hex digits") String commit,

            @Size(max = 2000) @Pattern(regexp = "https?://[^\\s\\p{Cntrl}]+", message = "must be an http or https address") String url,

            JsonNode details)
            implements Report {

        @Override
        public String eventType() {
            return EventTypes.BUILD_DEPLOYED;
        }

        @Override
        public Priority urgency() {
            return Priority.NORMAL;
        }

        @Override
        public String about() {
            return project;
        }
    }
}
