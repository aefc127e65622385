package io.skein.audit.entry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One thing that happened: who did what, when, on what, how it ended.
 *
 * @param seq place in the chain of the partition, 1, 2, 3 … without gaps
 * @param id of the event it comes from
 * @param at when it happened, by the clock of the source
 * @param recordedAt when it was written here
 * @param status last word of the type: completed, failed, granted …
 * @param owner the person whose session or plan it is about, null when it is the team's
 * @param resources what it concerns: subject, hosts, playbooks, locked resources
 * @param usage what it used, as reported: wall and CPU time, memory; null when nothing was reported
 * @param taskId the record this event finished, or null
 * @param previousHash hash of the entry before, 64 zeros for the first
 * @param hash SHA-256 over the canonical JSON of everything above
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Entry(
        String partition,
        long seq,
        UUID id,
        Instant at,
        Instant recordedAt,
        String source,
        String type,
        String status,
        String subject,
        String team,
        String owner,
        String actor,
        String traceId,
        UUID planId,
        UUID taskId,
        List<String> resources,
        JsonNode usage,
        JsonNode data,
        String previousHash,
        String hash) {

    /** The partition all entries belong to for the time being. */
    public static final String MAIN = "main";

    /** What an entry comes from; the chain has each of them once. */
    public record Event(String source, UUID id) {}

    public Entry {
        resources = List.copyOf(resources);
    }

    public Event event() {
        return new Event(source, id);
    }

    /** The same entry at its place in the chain. */
    public Entry chained(long place, String previous) {
        Entry unsigned = with(place, previous, null);
        return unsigned.with(place, previous, unsigned.computedHash());
    }

    /** The hash this entry should have. */
    public String computedHash() {
        return CanonicalJson.sha256(content());
    }

    /** Whether the content, at another place, would have the hash this entry carries. */
    public boolean belongsAt(long place) {
        return hash.equals(with(place, previousHash, null).computedHash());
    }

    private Entry with(long place, String previous, String newHash) {
        return new Entry(
                partition,
                place,
                id,
                at,
                recordedAt,
                source,
                type,
                status,
                subject,
                team,
                owner,
                actor,
                traceId,
                planId,
                taskId,
                resources,
                usage,
                data,
                previous,
                newHash);
    }

    /** What is hashed. Absent and null are the same; times have microseconds at most, as the database keeps them. */
    private ObjectNode content() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("partition", partition);
        node.put("seq", seq);
        node.put("id", id.toString());
        node.put("at", at.toString());
        node.put("recordedAt", recordedAt.toString());
        node.put("source", source);
        node.put("type", type);
        node.put("status", status);
        put(node, "subject", subject);
        node.put("team", team);
        put(node, "owner", owner);
        put(node, "actor", actor);
        put(node, "traceId", traceId);
        put(node, "planId", planId);
        put(node, "taskId", taskId);
        ArrayNode list = node.putArray("resources");
        resources.forEach(list::add);
        if (usage != null) {
            node.set("usage", usage);
        }
        node.set("data", data);
        node.put("previousHash", previousHash);
        return node;
    }

    private static void put(ObjectNode node, String name, Object value) {
        if (value != null) {
            node.put(name, value.toString());
        }
    }
}
