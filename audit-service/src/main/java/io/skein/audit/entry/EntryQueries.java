package io.skein.audit.entry;

import io.skein.platform.auth.Visibility;
import io.skein.platform.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;

/**
 * Query parameters as they come, turned into a filter.
 *
 * @param from RFC 3339 time, inclusive
 * @param to RFC 3339 time, exclusive
 * @param type event type, or a prefix followed by {@code *}
 * @param status one status, or several separated by commas
 * @param traceId W3C trace id, 32 hex digits: everything one cause led to
 */
public record EntryQueries(
        String from,
        String to,
        String type,
        String actor,
        String status,
        String planId,
        String traceId,
        String resource,
        String q) {

    /** What counts as a failure. */
    private static final List<String> FAILURES = List.of("failed", "interrupted", "refused", "broken", "expired");

    private static final Duration FAILURE_WINDOW = Duration.ofDays(7);

    /**
     * What to look for.
     *
     * @param visibility whose entries
     * @throws ProblemException validation_failed, naming the parameter
     */
    public EntryFilter filter(Visibility visibility) {
        List<String> statuses = status == null || status.isBlank()
                ? null
                : List.of(checked("status", status).split(","));
        return build(visibility, time("from", from), statuses);
    }

    /** Failures only; of the last week unless {@code from} says otherwise. */
    public EntryFilter failures(Visibility visibility, Instant now) {
        Instant begin = time("from", from);
        return build(visibility, begin == null ? now.minus(FAILURE_WINDOW) : begin, FAILURES);
    }

    private EntryFilter build(Visibility visibility, Instant begin, List<String> statuses) {
        return new EntryFilter(
                visibility,
                begin,
                time("to", to),
                blankToNull("type", type),
                blankToNull("actor", actor),
                statuses,
                plan(),
                blankToNull("traceId", traceId),
                blankToNull("resource", resource),
                q == null || q.isBlank() ? null : SearchWords.query(q));
    }

    private UUID plan() {
        if (planId == null || planId.isBlank()) {
            return null;
        }
        try {
            return UUID.fromString(planId);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("planId", "is not an id");
        }
    }

    private static String blankToNull(String field, String value) {
        return value == null || value.isBlank() ? null : checked(field, value);
    }

    private static String checked(String field, String value) {
        if (value.length() > 500 || value.indexOf(0) >= 0) {
            throw ProblemException.invalid(field, "must have at most 500 characters and no NUL");
        }
        return value;
    }

    private static Instant time(String field, String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(value);
            if (time.getYear() < 1 || time.getYear() > 9999) {
                throw ProblemException.invalid(field, "is out of range");
            }
            return time.toInstant();
        } catch (DateTimeParseException e) {
            throw ProblemException.invalid(field, "is not an RFC 3339 time like 2026-11-21T10:00:00Z");
        }
    }
}
