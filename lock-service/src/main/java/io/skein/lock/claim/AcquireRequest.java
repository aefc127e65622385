package io.skein.lock.claim;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of {@code POST /api/v1/locks}.
 *
 * @param resourceId one resource, or
 * @param resourceIds several, all or nothing; at most 100
 * @param ownerId on whose behalf; default the caller, and people own only for themselves
 * @param ownerType user, service, agent or plan; default {@code user}, or {@code service} for a service
 * @param team services only: the owner's team
 * @param ttlSeconds 1..86400, default 60
 * @param priority default normal
 * @param waitSeconds 0..60, default 0: how long this call waits for the answer
 * @param queueSeconds waitSeconds..86400, default waitSeconds: how long to stand in the queue in all, over several calls
 * @param requestId makes a repeat return the same lock, or the same place in the queue
 * @param metadata a JSON object of at most 4 KiB, kept with the lock
 */
public record AcquireRequest(
        String resourceId,
        List<String> resourceIds,
        String ownerId,
        String ownerType,
        String team,
        Integer ttlSeconds,
        Priority priority,
        Integer waitSeconds,
        Integer queueSeconds,
        String requestId,
        JsonNode metadata) {

    private static final int MAX_SECONDS = 86_400;

    /** Who sends the request, from the token. */
    public record Sender(String name, String actor, String team, boolean service, String traceId) {}

    /**
     * What is claimed, checked.
     *
     * @throws io.skein.platform.problem.ProblemException validation_failed, naming the field
     */
    public Claim claim(Sender sender) {
        Owner owner = Owner.of(ownerId, ownerType, sender);
        return new Claim(
                teamOf(sender),
                resources(),
                owner.id(),
                owner.type().wire(),
                sender.actor(),
                sender.traceId(),
                priority == null ? Priority.NORMAL : priority,
                ttl(ttlSeconds),
                requestId == null ? null : Names.checked("requestId", requestId),
                Names.metadata(metadata));
    }

    /** How long the call waits. */
    public Duration patience() {
        int seconds = waitSeconds == null ? 0 : waitSeconds;
        Names.require(seconds >= 0 && seconds <= 60, "waitSeconds", "must be 0..60");
        return Duration.ofSeconds(seconds);
    }

    /** How long the request stands in the queue in all; not shorter than the call waits. */
    public Duration queueing() {
        if (queueSeconds == null) {
            return patience();
        }
        Names.require(
                queueSeconds >= patience().toSeconds() && queueSeconds <= MAX_SECONDS,
                "queueSeconds",
                "must be waitSeconds..86400");
        return Duration.ofSeconds(queueSeconds);
    }

    /** A time to live, 1..86400 s, 60 s when not given. */
    public static Duration ttl(Integer seconds) {
        int value = seconds == null ? 60 : seconds;
        Names.require(value >= 1 && value <= MAX_SECONDS, "ttlSeconds", "must be 1..86400");
        return Duration.ofSeconds(value);
    }

    private String teamOf(Sender sender) {
        if (team == null) {
            return sender.team();
        }
        Names.require(
                sender.service() || team.equals(sender.team()),
                "team",
                "only a service may name a team, people have one");
        return Names.checked("team", team);
    }

    private List<String> resources() {
        Names.require(
                (resourceId == null) != (resourceIds == null), "resourceIds", "give either resourceId or resourceIds");
        List<String> wanted = resourceId != null ? List.of(resourceId) : resourceIds;
        Names.require(!wanted.isEmpty() && wanted.size() <= 100, "resourceIds", "must name 1..100 resources");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            names.add(Names.checked(resourceId != null ? "resourceId" : "resourceIds[" + i + "]", wanted.get(i)));
        }
        return names.stream().distinct().sorted().toList();
    }
}
