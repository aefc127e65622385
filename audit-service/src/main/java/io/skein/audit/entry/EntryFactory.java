package io.skein.audit.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.audit.redaction.Redaction;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.MalformedMessageException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Turns an event into an entry: redacted, storable, with what it concerns and used pulled out. */
public final class EntryFactory {

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int MAX_RESOURCES = 200;
    private static final int MAX_TEXT = 500;
    private static final Set<String> CONCERNS = Set.of(
            "playbook",
            "service",
            "host",
            "hosts",
            "node",
            "inventory",
            "resourceId",
            "resourceIds",
            "agent",
            "agentId");

    private EntryFactory() {}

    /**
     * Makes the entry of an event.
     *
     * @param taskId the task whose record this event carries, or null
     * @return not yet at its place in the chain
     * @throws MalformedMessageException when no entry can be made of it
     */
    public static Entry from(SkeinEvent event, UUID taskId, Instant recordedAt) {
        if (event.time().isBefore(EARLIEST) || event.time().isAfter(LATEST)) {
            throw new MalformedMessageException("an event at " + event.time() + " cannot be", null);
        }
        String type = text(event.type());
        JsonNode data = CanonicalJson.storable(Redaction.redact(event.data()));
        String subject = text(event.subject());
        JsonNode usage = usage(data);
        return new Entry(
                Entry.MAIN,
                0,
                event.id(),
                event.time().truncatedTo(ChronoUnit.MICROS),
                recordedAt.truncatedTo(ChronoUnit.MICROS),
                text(event.source()),
                type,
                status(type),
                subject,
                event.team() == null ? "default" : text(event.team()),
                // As it is: a name that is cut or redacted would be another person's.
                CanonicalJson.storable(event.owner()),
                text(event.actor()),
                text(event.traceid()),
                event.planid(),
                taskId,
                concerns(subject, data),
                usage,
                data,
                null,
                null);
    }

    private static String text(String value) {
        String clean = CanonicalJson.storable(Redaction.redact(value));
        return clean == null || clean.length() <= MAX_TEXT ? clean : clean.substring(0, MAX_TEXT);
    }

    /** {@code step.failed} is failed, {@code auth.signed.in} is signed_in. */
    static String status(String type) {
        if (type.endsWith(".signed.in") || type.endsWith(".signed.out")) {
            return "signed_" + type.substring(type.lastIndexOf('.') + 1);
        }
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private static JsonNode usage(JsonNode data) {
        for (JsonNode holder : List.of(data, data.path("record"), data.at("/record/result"), data.at("/record/step"))) {
            if (holder.path("usage").isObject()) {
                return holder.get("usage");
            }
        }
        return null;
    }

    private static List<String> concerns(String subject, JsonNode data) {
        Set<String> found = new LinkedHashSet<>();
        if (subject != null) {
            found.add(subject);
        }
        collect(data, found);
        List<String> list = new ArrayList<>(found);
        return list.size() <= MAX_RESOURCES ? list : list.subList(0, MAX_RESOURCES);
    }

    private static void collect(JsonNode node, Set<String> found) {
        node.properties().forEach(member -> {
            if (CONCERNS.contains(member.getKey())) {
                add(member.getValue(), found);
            }
        });
        node.forEach(child -> collect(child, found));
    }

    private static void add(JsonNode value, Set<String> found) {
        if (value.isTextual()
                && !value.textValue().isBlank()
                && value.textValue().length() <= MAX_TEXT) {
            found.add(value.textValue());
        } else if (value.isArray()) {
            value.forEach(element -> {
                if (!element.isArray()) {
                    add(element, found);
                }
            });
        }
    }
}
