package io.skein.runtime.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.platform.problem.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A group of alerts, each an event of its own. Alertmanager cannot sign: it shows the secret as bearer token. It tells the same
 * alert again and again while it lasts; an alert (fingerprint and start) is one event when it begins to fire, and one when it is
 * resolved.
 */
final class AlertmanagerDialect implements Dialect {

    private static final String BEARER = "Bearer ";
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-Za-z_-]{1,64}");
    private static final List<String> ALERT_MEMBERS =
            List.of("status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint");
    private static final List<String> GROUP_MEMBERS = List.of("receiver", "externalURL", "groupKey");
    private static final int MAX_SUBJECT = 255;

    @Override
    public Proof proof(Delivered delivered, List<byte[]> secrets, Instant now) {
        String authorization = delivered.header(Delivered.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Proof.MISSING;
        }
        return Signatures.isOne(
                        secrets, authorization.substring(BEARER.length()).strip())
                ? Proof.GOOD
                : Proof.WRONG;
    }

    @Override
    public List<Incoming> read(Delivered delivered, JsonNode body, Webhook webhook) {
        if (!"4".equals(body.path("version").asText())) {
            throw ProblemException.invalid("version", "must be \"4\", as Alertmanager sends it");
        }
        if (!body.path("alerts").isArray()) {
            throw ProblemException.invalid("alerts", "must be a list");
        }
        List<Incoming> incoming = new ArrayList<>();
        for (JsonNode alert : body.path("alerts")) {
            incoming.add(read(alert, "alerts[" + incoming.size() + "].", body, webhook));
        }
        return incoming;
    }

    private static Incoming read(JsonNode alert, String where, JsonNode group, Webhook webhook) {
        String status = alert.path("status").asText();
        boolean firing = status.equals("firing");
        if (!firing && !status.equals("resolved")) {
            throw ProblemException.invalid(where + "status", "must be firing or resolved");
        }
        String fingerprint = alert.path("fingerprint").asText();
        if (!FINGERPRINT.matcher(fingerprint).matches()) {
            throw ProblemException.invalid(where + "fingerprint", "is missing");
        }
        Instant startsAt = time(alert.path("startsAt").asText(), where + "startsAt");
        if (!alert.path("labels").isObject()) {
            throw ProblemException.invalid(where + "labels", "must be an object");
        }
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        copy(alert, ALERT_MEMBERS, data);
        copy(group, GROUP_MEMBERS, data);
        return new Incoming(
                firing ? EventTypes.ALERT_FIRING : EventTypes.ALERT_RESOLVED,
                priority(firing, alert.path("labels").path("severity").asText(), webhook),
                subject(alert.path("labels")),
                data,
                List.of("alert:" + fingerprint + ":" + startsAt + ":" + status));
    }

    private static Priority priority(boolean firing, String severity, Webhook webhook) {
        if (!firing) {
            return Priority.NORMAL;
        }
        if (webhook.priority() != null) {
            return webhook.priority();
        }
        return switch (severity) {
            case "critical", "page", "emergency" -> Priority.CRITICAL;
            case "error", "high", "major" -> Priority.HIGH;
            case "info", "none", "low" -> Priority.LOW;
            default -> Priority.NORMAL;
        };
    }

    /** The machine it is about, else the alert's name. */
    private static String subject(JsonNode labels) {
        for (String label : List.of("instance", "alertname")) {
            String value = labels.path(label).asText();
            if (!value.isEmpty() && value.length() <= MAX_SUBJECT) {
                return value;
            }
        }
        return null;
    }

    private static void copy(JsonNode from, List<String> members, ObjectNode to) {
        for (String member : members) {
            if (from.hasNonNull(member)) {
                to.set(member, from.get(member));
            }
        }
    }

    private static Instant time(String text, String where) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw ProblemException.invalid(where, "must be a time like 2026-01-31T12:00:00Z");
        }
    }
}
