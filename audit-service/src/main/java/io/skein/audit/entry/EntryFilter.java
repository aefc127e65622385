package io.skein.audit.entry;

import io.skein.platform.auth.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Which entries are wanted; null means any.
 *
 * @param visibility whose entries
 * @param type exact, or a prefix that ends in {@code *}
 * @param statuses any of these
 */
public record EntryFilter(
        Visibility visibility,
        Instant from,
        Instant to,
        String type,
        String actor,
        List<String> statuses,
        UUID planId,
        String traceId,
        String resource,
        String words) {}
