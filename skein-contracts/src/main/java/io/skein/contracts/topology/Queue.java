package io.skein.contracts.topology;

import java.util.List;

/**
 * Every shared queue of the fleet. Each service declares all of them before it publishes anything, so that an event published
 * before its reader was first started waits for the reader instead of vanishing.
 */
public enum Queue {
    /** Orders for the infra agents; competing consumers. */
    INFRA_WORK("skein.infra.work", Exchange.WORK, Kind.QUORUM, List.of("request.infra.#")),
    /** Answers of all agents. */
    ORCHESTRATOR_WORK(
            "skein.orchestrator.work", Exchange.WORK, Kind.QUORUM, List.of("status.#", "result.#", "error.#")),
    /** Facts the orchestrator acts on. */
    ORCHESTRATOR_EVENTS(
            "skein.orchestrator.events",
            Exchange.EVENTS,
            Kind.QUORUM,
            List.of("*.audit.task.committed", "*.lock.granted", "*.lock.released", "*.lock.expired")),
    REGISTRY_HEARTBEATS("skein.registry.heartbeats", Exchange.HEARTBEATS, Kind.TRANSIENT, List.of("#")),
    /** How work ended, for the agents' success rates. */
    REGISTRY_EVENTS(
            "skein.registry.events",
            Exchange.EVENTS,
            Kind.QUORUM,
            List.of("*.step.completed", "*.step.failed", "*.step.interrupted")),
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

    public String wire() {
        return wire;
    }

    public Exchange exchange() {
        return exchange;
    }

    public Kind kind() {
        return kind;
    }

    /** Topic patterns this queue is bound with. */
    public List<String> bindings() {
        return bindings;
    }
}
