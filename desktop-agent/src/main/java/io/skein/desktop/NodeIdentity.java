package io.skein.desktop;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Who this machine is, checked once at start so that a typing mistake stops the agent with a sentence instead of having every
 * heartbeat rejected far away.
 */
public record NodeIdentity(String node, String team, String version, Duration interval, Map<String, String> labels) {

    /** AMQP routing keys end at 255 bytes and ours is {@code node.<name>}. */
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,250}");

    private static final Pattern TEAM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9._/-]{1,63}");
    private static final int MAX_LABELS = 64;
    private static final int MAX_LABEL_VALUE = 255;

    public NodeIdentity {
        if (!NODE.matcher(node).matches()) {
            throw new IllegalArgumentException("the node name \"" + node
                    + "\" is not 1 to 250 letters, digits, dots, underscores or dashes; set SKEIN_DESKTOP_AGENT_NODE");
        }
        if (!TEAM.matcher(team).matches()) {
            throw new IllegalArgumentException("the team \"" + team
                    + "\" is not 1 to 64 letters, digits, dots, underscores or dashes; set SKEIN_DESKTOP_AGENT_TEAM");
        }
        if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "the interval " + interval + " is not between 1s and 1h; set SKEIN_DESKTOP_AGENT_INTERVAL");
        }
        labels = Map.copyOf(labels);
    }

    /** Stops an agent whose every heartbeat would be refused: a machine speaks for itself, under a broker user of its own. */
    void mustBe(String brokerUser) {
        String wanted = "node~" + team + "~" + node;
        if (!wanted.equals(brokerUser)) {
            throw new IllegalArgumentException("SKEIN_RABBITMQ_URI signs in at the broker as \"" + brokerUser
                    + "\", but this machine is \"" + wanted
                    + "\" by SKEIN_DESKTOP_AGENT_NODE, SKEIN_DESKTOP_AGENT_TEAM or its host name, and the fleet would refuse its"
                    + " heartbeats; use the broker user of this machine, or set SKEIN_MESSAGING_SENDER_CHECK=off if all of the"
                    + " fleet shares one user");
        }
    }

    /** {@code a=b,c=d}; spaces around the parts do not count. */
    public static Map<String, String> parseLabels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String key = equals < 0 ? "" : part.substring(0, equals).strip();
            String value = part.substring(equals + 1).strip();
            if (!LABEL_KEY.matcher(key).matches() || value.length() > MAX_LABEL_VALUE) {
                throw new IllegalArgumentException(
                        "the label \"" + part.strip() + "\" is not key=value; set SKEIN_DESKTOP_AGENT_LABELS");
            }
            if (labels.put(key, value) != null) {
                throw new IllegalArgumentException(
                        "the label " + key + " is given twice; set SKEIN_DESKTOP_AGENT_LABELS");
            }
        }
        if (labels.size() > MAX_LABELS) {
            throw new IllegalArgumentException("more than " + MAX_LABELS + " labels; set SKEIN_DESKTOP_AGENT_LABELS");
        }
        return labels;
    }
}
