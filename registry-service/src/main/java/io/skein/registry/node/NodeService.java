package io.skein.registry.node;

import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.platform.http.Trace;
import io.skein.platform.messaging.Outbox;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.skein.registry.RegistryConfig;
import io.skein.registry.presence.Presence;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What happens to nodes. PostgreSQL has the truth; see {@link Presence} for what Redis is for. */
@ApplicationScoped
public class NodeService {

    private static final Logger LOG = Logger.getLogger(NodeService.class);
    private static final String SOURCE = "/registry-service";
    private static final String GOODBYE = "goodbye";

    /** A node that reports more often than this is written to PostgreSQL this often, and to Redis each time. */
    private static final Duration WRITE_PERIOD = Duration.ofSeconds(15);

    /** Two heartbeats further apart than this were not overtaken by each other: the machine's clock was set back. */
    private static final Duration REORDERING = Duration.ofSeconds(90);

    private final NodeRepository nodes;
    private final NodeHistory history;
    private final Presence presence;
    private final Outbox outbox;
    private final Jdbi jdbi;
    private final Clock clock;
    private final RegistryConfig config;

    @Inject
    NodeService(
            NodeRepository nodes,
            NodeHistory history,
            Presence presence,
            Outbox outbox,
            Jdbi jdbi,
            Clock clock,
            RegistryConfig config) {
        this.nodes = nodes;
        this.history = history;
        this.presence = presence;
        this.outbox = outbox;
        this.jdbi = jdbi;
        this.clock = clock;
        this.config = config;
    }

    /** Takes in a heartbeat that was checked before. */
    public void heartbeat(Handle tx, NodeHeartbeat heartbeat) {
        Instant now = clock.instant();
        var known = nodes.lock(tx, heartbeat.team(), heartbeat.node());
        if (known.isEmpty() && !heartbeat.goodbye()) {
            if (nodes.insert(tx, heartbeat, now)) {
                LOG.infof("node %s of team %s is registered", heartbeat.node(), heartbeat.team());
                remember(heartbeat, now);
                history.note(tx, heartbeat.team(), heartbeat.node(), heartbeat.resources(), now, Duration.ZERO);
                tell(tx, EventTypes.NODE_REGISTERED, Priority.NORMAL, heartbeat, Map.of("labels", heartbeat.labels()));
                tell(tx, EventTypes.DEVICE_ONLINE, Priority.NORMAL, heartbeat, Map.of());
                return;
            }
            known = nodes.lock(tx, heartbeat.team(), heartbeat.node());
        }
        if (known.isPresent()) {
            if (heartbeat.goodbye()) {
                goodbye(tx, heartbeat, known.get(), now);
            } else {
                seen(tx, heartbeat, known.get(), now);
            }
        }
    }

    private void seen(Handle tx, NodeHeartbeat heartbeat, NodeRepository.Known known, Instant now) {
        boolean overtaken = heartbeat.sentAt().isBefore(known.lastSentAt())
                && heartbeat.sentAt().plus(REORDERING).isAfter(known.lastSentAt());
        boolean wasOnline = known.status() == Node.Status.ONLINE;
        if (overtaken && wasOnline) {
            nodes.stillThere(tx, heartbeat.team(), heartbeat.node(), now);
            return;
        }
        if (overtaken && GOODBYE.equals(known.offlineReason())) {
            return;
        }
        boolean remembered = remember(heartbeat, now);
        boolean writtenLately = now.isBefore(known.lastHeartbeatAt().plus(WRITE_PERIOD));
        if (!(wasOnline && writtenLately && remembered)) {
            nodes.heard(tx, heartbeat, now);
        }
        history.note(tx, heartbeat.team(), heartbeat.node(), heartbeat.resources(), now, config.historyInterval());
        if (!wasOnline) {
            LOG.infof("node %s of team %s is back online", heartbeat.node(), heartbeat.team());
            tell(tx, EventTypes.DEVICE_ONLINE, Priority.NORMAL, heartbeat, Map.of("back", true));
        }
    }

    private void goodbye(Handle tx, NodeHeartbeat heartbeat, NodeRepository.Known known, Instant now) {
        if (known.status() == Node.Status.OFFLINE || heartbeat.sentAt().isBefore(known.lastSentAt())) {
            return;
        }
        nodes.goodbye(tx, heartbeat, now);
        presence.forget(heartbeat.team(), heartbeat.node());
        LOG.infof("node %s of team %s said goodbye", heartbeat.node(), heartbeat.team());
        tell(
                tx,
                EventTypes.DEVICE_OFFLINE,
                Priority.NORMAL,
                heartbeat,
                Map.of("reason", GOODBYE, "lastHeartbeatAt", now));
    }

    /** Ends the presence of nodes that fell silent; any number of replicas may do it at once. */
    int sweep() {
        Instant now = clock.instant();
        Instant cutoff = now.minus(config.offlineAfter());
        String reason = "no heartbeat for " + config.offlineAfter().toSeconds() + " s";
        List<Node> ended = jdbi.inTransaction(tx -> {
            List<NodeRepository.Key> silent = nodes.silentSince(tx, cutoff);
            Map<String, Presence.Seen> seen = presence.read(silent.stream()
                    .map(key -> Presence.key(key.team(), key.name()))
                    .toList());
            for (NodeRepository.Key key : silent) {
                Presence.Seen last = seen.get(Presence.key(key.team(), key.name()));
                if (last != null && !last.receivedAt().isBefore(cutoff)) {
                    nodes.stillThere(tx, key.team(), key.name(), last.receivedAt());
                }
            }
            List<Node> silenced = silent.isEmpty() ? List.of() : nodes.endSilent(tx, cutoff, now, reason);
            for (Node node : silenced) {
                Map<String, Object> data = new LinkedHashMap<>();
                data.put("node", node.name());
                data.put("reason", reason);
                data.put("lastHeartbeatAt", node.lastHeartbeatAt());
                outbox.event(
                        tx,
                        event(EventTypes.DEVICE_OFFLINE, node.team(), node.name(), now)
                                .priority(Priority.HIGH)
                                .actor("service:registry-service")
                                // Nobody asked: what comes of it begins here.
                                .traceId(Trace.newId())
                                .data(data)
                                .build());
            }
            return silenced;
        });
        ended.forEach(node -> LOG.warnf(
                "node %s of team %s is offline: %s (last at %s)",
                node.name(), node.team(), reason, node.lastHeartbeatAt()));
        return ended.size();
    }

    int forgetOldHistory() {
        return jdbi.inTransaction(tx -> history.deleteBefore(tx, clock.instant().minus(config.historyRetention())));
    }

    Page<Node> list(String team, String status, NodeRepository.Key after, int size) {
        List<Node> found = jdbi.withHandle(handle -> nodes.list(handle, team, status, after, size + 1));
        return Page.of(fresh(found), size, node -> node.team() + "/" + node.name());
    }

    Node get(String team, String name) {
        Node node = jdbi.withHandle(handle -> nodes.find(handle, team, name))
                .orElseThrow(() -> ProblemException.notFound("node " + name));
        return fresh(List.of(node)).getFirst();
    }

    List<NodeHistory.Point> history(String team, String name, Duration back, Duration bucket) {
        get(team, name);
        return jdbi.withHandle(
                handle -> history.read(handle, team, name, clock.instant().minus(back), bucket));
    }

    Node cordon(String team, String name, boolean cordoned, String actor, String traceId) {
        get(team, name);
        jdbi.useTransaction(tx -> {
            if (nodes.cordon(tx, team, name, cordoned)) {
                outbox.event(
                        tx,
                        event(
                                        cordoned ? EventTypes.NODE_CORDONED : EventTypes.NODE_UNCORDONED,
                                        team,
                                        name,
                                        clock.instant())
                                .actor(actor)
                                .traceId(traceId)
                                .data(Map.of("node", name))
                                .build());
                LOG.infof("node %s of team %s %s by %s", name, team, cordoned ? "cordoned" : "uncordoned", actor);
            }
        });
        return get(team, name);
    }

    /** Only what is offline: a node whose agent still runs would be back with the next heartbeat. */
    void remove(String team, String name, String actor, String traceId) {
        get(team, name);
        jdbi.useTransaction(tx -> {
            if (!nodes.removeOffline(tx, team, name)) {
                throw new ProblemException(
                        ErrorCode.ILLEGAL_TRANSITION,
                        "Node " + name + " still sends heartbeats and would come back. Stop its desktop agent first.");
            }
            outbox.event(
                    tx,
                    event(EventTypes.NODE_REMOVED, team, name, clock.instant())
                            .actor(actor)
                            .traceId(traceId)
                            .data(Map.of("node", name))
                            .build());
        });
        presence.forget(team, name);
        LOG.infof("node %s of team %s removed by %s", name, team, actor);
    }

    long count(String status) {
        return jdbi.withHandle(handle -> nodes.count(handle, status));
    }

    /** Figures in Redis are at most as old as the ones in PostgreSQL, usually newer. */
    private List<Node> fresh(List<Node> found) {
        Map<String, Presence.Seen> seen = presence.read(found.stream()
                .filter(node -> node.status() == Node.Status.ONLINE)
                .map(node -> Presence.key(node.team(), node.name()))
                .toList());
        return found.stream()
                .map(node -> {
                    Presence.Seen newer = seen.get(Presence.key(node.team(), node.name()));
                    return newer != null && newer.receivedAt().isAfter(node.lastHeartbeatAt())
                            ? node.with(newer.receivedAt(), newer.resources())
                            : node;
                })
                .toList();
    }

    private boolean remember(NodeHeartbeat heartbeat, Instant now) {
        return presence.remember(
                heartbeat.team(), heartbeat.node(), new Presence.Seen(now, heartbeat.sentAt(), heartbeat.resources()));
    }

    private void tell(Handle tx, String type, Priority priority, NodeHeartbeat heartbeat, Map<String, Object> details) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("node", heartbeat.node());
        data.put("agentVersion", heartbeat.agentVersion());
        data.putAll(details);
        outbox.event(
                tx,
                event(type, heartbeat.team(), heartbeat.node(), clock.instant())
                        .priority(priority)
                        .actor("agent:desktop-agent@" + heartbeat.node())
                        .data(data)
                        .build());
    }

    private static SkeinEvent.Builder event(String type, String team, String node, Instant now) {
        return SkeinEvent.of(type).source(SOURCE).team(team).subject(node).time(now);
    }
}
