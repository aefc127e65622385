package io.skein.runtime.instance;

import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.platform.auth.Caller;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.publish.GivenKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Starting, pausing, resuming and stopping. */
@ApplicationScoped
class InstanceService {

    private static final Logger LOG = Logger.getLogger(InstanceService.class);
    private static final String UNIQUE_VIOLATION = "23505";

    @Inject
    Jdbi jdbi;

    @Inject
    Definitions definitions;

    @Inject
    InstanceRepository instances;

    @Inject
    InstanceEvents events;

    @Inject
    UnfinishedTasksService tasks;

    @Inject
    GivenKeys keys;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /**
     * @param key the caller's Idempotency-Key, or null
     * @throws ProblemException illegal_transition when it is at work already, and another one is not asked for
     */
    AgentInstance start(InstanceResource.Start wanted, String key) {
        return start(
                definitions.startable(caller.team(), wanted.agent(), wanted.version()),
                Boolean.TRUE.equals(wanted.another()),
                (tx, id) ->
                        keys.earlier(tx, caller.team(), caller.actor(), key, "/runtime/instances/start", wanted, id));
    }

    /** What the same request started before. */
    private interface Earlier {
        Optional<UUID> of(Handle tx, UUID making);
    }

    private AgentInstance start(DefinitionClient.Definition definition, boolean another, Earlier earlier) {
        var worker = new InstanceRepository.Worker(
                Ids.next(), caller.team(), definition.id(), definition.version(), definition.definition());
        Instant now = clock.instant();
        try {
            return jdbi.inTransaction(tx -> {
                Optional<UUID> before = earlier.of(tx, worker.id());
                if (before.isPresent()) {
                    return instances.find(tx, before.get()).orElseThrow(GivenKeys::gone);
                }
                instances.insert(tx, worker, another, caller.actor(), now);
                var row = new InstanceRepository.Locked(
                        worker.id(), worker.team(), worker.agent(), worker.version(), "active", now);
                tell(tx, EventTypes.RUNTIME_INSTANCE_STARTED, row, InstanceState.IDLE);
                return instances.find(tx, worker.id()).orElseThrow();
            });
        } catch (JdbiException e) {
            if (e.getCause() instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                throw new ProblemException(
                        ErrorCode.ILLEGAL_TRANSITION,
                        "Version " + worker.version() + " of " + worker.agent()
                                + " is at work for your team already. Send another to start one more.");
            }
            throw e;
        }
    }

    /**
     * Starts every published agent whose goal is continuous and that is not at work, and resumes those that are paused.
     *
     * @return all of the team that are at work then
     */
    List<AgentInstance> startAll() {
        List<AgentInstance> there = all();
        for (String agent : definitions.ids(caller.team())) {
            if (there.stream().noneMatch(instance -> instance.agent().equals(agent))) {
                startIfContinuous(agent);
            }
        }
        there.stream()
                .filter(instance -> instance.state() == InstanceState.PAUSED)
                .forEach(instance -> resume(instance.id()));
        return all();
    }

    private void startIfContinuous(String agent) {
        try {
            DefinitionClient.Definition definition = definitions.startable(caller.team(), agent, null);
            if (Definitions.isContinuous(definition.definition())) {
                start(definition, false, (tx, id) -> Optional.empty());
            }
        } catch (ProblemException e) {
            // A draft, or somebody was faster: the others are started all the same.
            if (e.code() != ErrorCode.ILLEGAL_TRANSITION && e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            LOG.debugf("agent %s of team %s is not started: %s", agent, caller.team(), e.getMessage());
        }
    }

    AgentInstance pause(UUID id) {
        return change(id, (tx, row) -> {
            if (row.state().equals("paused")) {
                return;
            }
            require(row, "paused", "active", "error");
            if (row.state().equals("error")) {
                // That time was not its tasks' either, and from now on only the pause is remembered.
                tasks.resumed(tx, id, row.changedAt().toEpochMilli());
            }
            instances.change(tx, id, "paused", null, clock.instant());
            tell(tx, EventTypes.RUNTIME_INSTANCE_PAUSED, row, InstanceState.PAUSED);
        });
    }

    AgentInstance resume(UUID id) {
        return change(id, (tx, row) -> {
            if (row.state().equals("active")) {
                return;
            }
            require(row, "resumed", "paused", "error");
            instances.change(tx, id, "active", null, clock.instant());
            tasks.resumed(tx, id, row.changedAt().toEpochMilli());
            tell(tx, EventTypes.RUNTIME_INSTANCE_RESUMED, row, InstanceState.IDLE);
        });
    }

    AgentInstance stop(UUID id) {
        return change(id, this::stop);
    }

    /** All of the team. */
    List<AgentInstance> stopAll() {
        List<UUID> stopped = jdbi.inTransaction(tx -> {
            List<InstanceRepository.Locked> rows = instances.lockAll(tx, caller.team());
            rows.forEach(row -> stop(tx, row));
            return rows.stream().map(InstanceRepository.Locked::id).toList();
        });
        tasks.wake();
        return jdbi.withHandle(handle -> {
            List<AgentInstance> views = new ArrayList<>();
            stopped.forEach(id -> instances.find(handle, id).ifPresent(views::add));
            return views;
        });
    }

    private void stop(Handle tx, InstanceRepository.Locked row) {
        if (row.state().equals("stopped")) {
            return;
        }
        instances.change(tx, row.id(), "stopped", "Stopped by " + caller.name(), clock.instant());
        tasks.stopped(tx, row.id(), caller.name());
        tell(tx, EventTypes.RUNTIME_INSTANCE_STOPPED, row, InstanceState.STOPPED);
    }

    private interface Change {
        void make(Handle tx, InstanceRepository.Locked row);
    }

    private AgentInstance change(UUID id, Change change) {
        AgentInstance view = jdbi.inTransaction(tx -> {
            InstanceRepository.Locked row = instances
                    .lock(tx, id)
                    .filter(found -> found.team().equals(caller.team()))
                    .orElseThrow(() -> ProblemException.notFound("such instance"));
            change.make(tx, row);
            return instances.find(tx, id).orElseThrow();
        });
        tasks.wake();
        return view;
    }

    private static void require(InstanceRepository.Locked row, String what, String... states) {
        if (!List.of(states).contains(row.state())) {
            throw new ProblemException(
                            ErrorCode.ILLEGAL_TRANSITION,
                            "The instance is " + row.state() + ", so it cannot be " + what + ".")
                    .with("state", row.state());
        }
    }

    private void tell(Handle tx, String type, InstanceRepository.Locked row, InstanceState state) {
        events.tell(tx, type, row, state, caller.actor(), caller.traceId());
    }

    AgentInstance get(UUID id) {
        AgentInstance instance = jdbi.withHandle(handle -> instances.find(handle, id))
                .orElseThrow(() -> ProblemException.notFound("such instance"));
        caller.requireVisible(instance.team(), null, "such instance");
        return instance;
    }

    List<AgentInstance> list(String askedTeam, String agent, boolean stopped, UUID after, int limit) {
        String team = caller.visibility(askedTeam).team();
        return jdbi.withHandle(handle -> instances.list(handle, team, agent, stopped, after, limit));
    }

    private List<AgentInstance> all() {
        return jdbi.withHandle(handle -> instances.list(handle, caller.team(), null, false, null, Integer.MAX_VALUE));
    }
}
