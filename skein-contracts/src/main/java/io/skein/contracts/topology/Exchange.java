package io.skein.contracts.topology;

/** The topic exchanges; all durable. */
public enum Exchange {
    /** Orders to agents and their answers: {@link RoutingKeys}, {@code status.…}, {@code result.…}. */
    WORK("skein.work"),
    /** Facts: {@code <priority>.<type>}. */
    EVENTS("skein.events"),
    /** Presence, short-lived: {@code node.<node>}, {@code agent.<agentId>}. */
    HEARTBEATS("skein.heartbeats"),
    /** What could not be handled; the routing key is the queue it died in. */
    DEAD("skein.dead"),
    /** Dead letters on their way back, as {@link ReplayedMessage}; the routing key is the queue they died in. */
    REPLAY("skein.replay");

    private final String wire;

    Exchange(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }
}
