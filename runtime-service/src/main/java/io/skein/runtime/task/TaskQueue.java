package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.event.Priority;
import io.skein.platform.http.Trace;
import io.skein.runtime.instance.InstanceRepository;
import io.skein.runtime.log.EventLog;
import io.skein.runtime.log.LoggedEvent;
import io.skein.runtime.log.Woken;
import io.skein.runtime.routing.RoutedEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Where tasks come from: an event that was routed makes one for each instance of the agents it wakes, unless it is the last of a chain
 * of agents that wake each other.
 */
@ApplicationScoped
class TaskQueue implements RoutedEventConsumer {

    private static final Logger LOG = Logger.getLogger(TaskQueue.class);
    private static final Duration LOOPS_KEPT = Duration.ofDays(7);
    private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final List<Priority> RANKS =
            List.of(Priority.CRITICAL, Priority.HIGH, Priority.NORMAL, Priority.LOW);

    private final Jdbi jdbi;
    private final EventLog log;
    private final HopsRepository hopsBefore;
    private final TaskRepository tasks;
    private final InstanceRepository instances;
    private final TaskEvents events;
    private final TaskConfig config;
    private final TaskSignal signal;
    private final Clock clock;

    @Inject
    TaskQueue(
            Jdbi jdbi,
            EventLog log,
            HopsRepository hopsBefore,
            TaskRepository tasks,
            InstanceRepository instances,
            TaskEvents events,
            TaskConfig config,
            TaskSignal signal,
            Clock clock) {
        this.jdbi = jdbi;
        this.log = log;
        this.hopsBefore = hopsBefore;
        this.tasks = tasks;
        this.instances = instances;
        this.events = events;
        this.config = config;
        this.signal = signal;
        this.clock = clock;
    }

    @Override
    public void routed(Handle tx, LoggedEvent event, List<Woken> agents) {
        if (event.planId() != null) {
            // Only a hint, so outside: rows of tasks are locked after those of instances everywhere else.
            tx.afterCommit(() -> hint(event.planId()));
        }
        if (agents.isEmpty()) {
            return;
        }
        List<InstanceRepository.Worker> woken = instances.takers(tx, event.team(), event.routedTo()).stream()
                .filter(worker -> agents.stream().anyMatch(agent -> agent.is(worker.agent(), worker.version())))
                .toList();
        if (woken.isEmpty()) {
            return;
        }
        int hops = hopsBefore.behind(tx, event);
        if (hops > config.maxHops()) {
            Set<String> names = new LinkedHashSet<>();
            woken.forEach(worker -> names.add(worker.agent()));
            names.forEach(agent -> stopLoop(tx, event, hops, agent));
            log.wokeNobody(tx, event);
            return;
        }
        NewTask task = new NewTask(
                event.type(),
                json(event),
                event.id(),
                null,
                null,
                0,
                rank(event.priority()),
                hops,
                event.owner(),
                event.actor(),
                trace(event.traceId()));
        woken.forEach(worker -> add(tx, worker, task));
    }

    private void hint(UUID planId) {
        if (jdbi.withHandle(handle -> tasks.hint(handle, planId)) > 0) {
            signal.wake();
        }
    }

    /** @return the new task's id; empty when the same event or key made one before */
    Optional<UUID> add(Handle tx, InstanceRepository.Worker worker, NewTask task) {
        Optional<UUID> id = tasks.insert(tx, worker, task, clock.instant());
        id.flatMap(made -> tasks.find(tx, made)).ifPresent(made -> events.tell(tx, made));
        if (id.isPresent()) {
            tx.afterCommit(signal::wake);
        }
        return id;
    }

    private void stopLoop(Handle tx, LoggedEvent event, int hops, String agent) {
        Instant now = clock.instant();
        String chain = event.traceId() == null ? event.id().toString() : event.traceId();
        boolean first = tx.createUpdate("""
                        INSERT INTO loop_stopped (team, agent, chain, stopped_at) VALUES (:team, :agent, :chain, :now)
                        ON CONFLICT DO NOTHING""")
                        .bind("team", event.team())
                        .bind("agent", agent)
                        .bind("chain", chain)
                        .bind("now", now)
                        .execute()
                == 1;
        if (first) {
            tx.createUpdate("DELETE FROM loop_stopped WHERE stopped_at < :limit")
                    .bind("limit", now.minus(LOOPS_KEPT))
                    .execute();
            LOG.warnf(
                    "agents wake each other: %s of team %s is not woken by %s after %d agents in a row",
                    agent, event.team(), event.type(), hops);
            events.loopStopped(tx, event, hops, agent, chain);
        }
    }

    static int rank(Priority priority) {
        return RANKS.indexOf(priority);
    }

    /** A trace that calls can be put under: what came with an event can be any text. */
    static String trace(String given) {
        return given != null && TRACE_ID.matcher(given).matches() ? given : Trace.newId();
    }

    private static JsonNode json(LoggedEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("specversion", "1.0");
        json.put("id", event.id().toString());
        json.put("source", event.source());
        json.put("type", event.type());
        json.put("subject", event.subject());
        json.put("time", event.time().toString());
        json.put("priority", event.priority().wire());
        json.put("team", event.team());
        json.put("actor", event.actor());
        json.put("traceid", event.traceId());
        json.put("planid", event.planId() == null ? null : event.planId().toString());
        json.put("hops", event.hops());
        json.set("data", event.data());
        return json;
    }
}
