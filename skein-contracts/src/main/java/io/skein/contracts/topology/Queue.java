package io.skein.contracts.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every shared queue of the fleet. All of them are there before anything is published, so that an event published before its
 * reader was first started waits for the reader instead of vanishing. A queue of agents is one per team: nobody takes, or
 * reads, the orders of another team.
 */
public enum Queue {
    /** Orders for the infra agents of one team; competing consumers. */
    INFRA_WORK("skein.infra.work", Exchange.WORK, Kind.QUORUM, List.of()),
    /** Answers of all agents. */
    ORCHESTRATOR_WORK(
            "skein.orchestrator.work", Exchange.WORK, Kind.QUORUM, List.of("status.#", "result.#", "error.#")),
    /** Facts the orchestrator acts on. */
    ORCHESTRATOR_EVENTS(
            "skein.orchestrator.events",
            Exchange.EVENTS,
            Kind.QUORUM,
            List.of("*.audit.task.committed", "*.lock.released", "*.lock.expired")),
    REGISTRY_HEARTBEATS("skein.registry.heartbeats", Exchange.HEARTBEATS, Kind.TRANSIENT, List.of("#")),
    /** How work ended, for the agents' success rates, and what their instances and tasks are at. */
    REGISTRY_EVENTS(
            "skein.registry.events",
            Exchange.EVENTS,
            Kind.QUORUM,
            List.of(
                    "*.step.completed",
                    "*.step.failed",
                    "*.step.interrupted",
                    "*.runtime.instance.*",
                    "*.runtime.task.*")),
    RUNTIME_CRITICAL("skein.runtime.events.critical", Exchange.EVENTS, Kind.QUORUM, List.of("critical.#")),
    RUNTIME_HIGH("skein.runtime.events.high", Exchange.EVENTS, Kind.QUORUM, List.of("high.#")),
    RUNTIME_NORMAL("skein.runtime.events.normal", Exchange.EVENTS, Kind.QUORUM, List.of("normal.#")),
    RUNTIME_LOW("skein.runtime.events.low", Exchange.EVENTS, Kind.QUORUM, List.of("low.#")),
    AUDIT_EVENTS("skein.audit.events", Exchange.EVENTS, Kind.QUORUM, List.of("#")),
    /** Dead letters of all queues, kept until somebody looks. */
    DEAD_LETTERS("skein.dead.letters", Exchange.DEAD, Kind.QUORUM, List.of("#"));

    /** How a queue keeps what is in it. */
    public enum Kind {
        /** Replicated and synced to disk: what must not be lost. Dead-letters to {@link Exchange#DEAD}. */
        QUORUM,
        /** In memory, bounded, expiring after 90 s: presence is worthless when old. */
        TRANSIENT
    }

    /** After so many deliveries without success a message is a dead letter. */
    public static final int DELIVERY_LIMIT = 20;

    private static final int PRESENCE_TTL_MILLIS = 90_000;
    private static final int PRESENCE_MAX_MESSAGES = 10_000;

    /**
     * A queue as the broker keeps it; durable, not exclusive.
     *
     * @param bindings topic patterns it is bound to {@code exchange} with
     */
    public record Declaration(String name, Exchange exchange, List<String> bindings, Map<String, Object> arguments) {

        /** What dies in it can come back: then it is bound to {@link Exchange#REPLAY} with its name. */
        public boolean isReplayed() {
            return arguments.containsKey(DEAD_LETTER_EXCHANGE);
        }
    }

    private static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";

    private final String wire;
    private final Exchange exchange;
    private final Kind kind;
    private final List<String> bindings;

    Queue(String wire, Exchange exchange, Kind kind, List<String> bindings) {
        this.wire = wire;
        this.exchange = exchange;
        this.kind = kind;
        this.bindings = bindings;
    }

    /** Its name; of a queue per team the part before the team's. */
    public String wire() {
        return wire;
    }

    /** One for each team, which {@link #of} names. */
    public boolean isPerTeam() {
        return bindings.isEmpty();
    }

    /** Its name for a team; the team does not matter where all share one queue. */
    public String of(String team) {
        return isPerTeam() ? wire + "." + team : wire;
    }

    public Exchange exchange() {
        return exchange;
    }

    public Kind kind() {
        return kind;
    }

    /** Topic patterns the queue of this team is bound with; the team does not matter where all share one queue. */
    public List<String> bindings(String team) {
        return isPerTeam() ? List.of(RoutingKeys.orders(RoutingKeys.INFRA, team)) : bindings;
    }

    /** What the broker must have for this team. */
    public Declaration declaration(String team) {
        return new Declaration(of(team), exchange, bindings(team), arguments(of(team)));
    }

    /** Everything the broker must have for these teams. */
    public static List<Declaration> declarations(Collection<String> teams) {
        List<Declaration> all = new ArrayList<>();
        for (Queue queue : values()) {
            if (queue.isPerTeam()) {
                teams.stream().map(queue::declaration).forEach(all::add);
            } else {
                all.add(queue.declaration(""));
            }
        }
        return all;
    }

    /** The queues of one service, by its short name: {@code skein.<service>.…}. */
    static List<Queue> ofService(String shortName) {
        return Arrays.stream(values())
                .filter(queue -> queue.wire.startsWith("skein." + shortName + "."))
                .toList();
    }

    private Map<String, Object> arguments(String name) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        switch (kind) {
            case QUORUM -> {
                arguments.put("x-queue-type", "quorum");
                if (exchange != Exchange.DEAD) {
                    arguments.put("x-delivery-limit", DELIVERY_LIMIT);
                    arguments.put(DEAD_LETTER_EXCHANGE, Exchange.DEAD.wire());
                    arguments.put("x-dead-letter-routing-key", name);
                }
            }
            case TRANSIENT -> {
                arguments.put("x-message-ttl", PRESENCE_TTL_MILLIS);
                arguments.put("x-max-length", PRESENCE_MAX_MESSAGES);
            }
        }
        return arguments;
    }
}
