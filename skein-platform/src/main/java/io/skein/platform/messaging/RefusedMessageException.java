package io.skein.platform.messaging;

/**
 * A message whose sender may not have said it. It changes nothing, becomes a dead letter, and is recorded as {@code
 * message.refused}. The platform finds most of them; a handler throws it where only the service knows who may say what.
 */
public final class RefusedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int MAX_CLAIM = 200;

    /** What is wrong; the value of {@code reason} in the event and of the metric's tag. */
    public enum Reason {
        /** No {@code user-id}: the broker vouches for nobody. */
        NO_SENDER,
        /** The user is nobody of the fleet. */
        UNKNOWN_SENDER,
        /** Beyond what the user may publish. */
        ROUTING_KEY,
        /** The routing key says something else than the message. */
        OTHER_MESSAGE,
        /** The event names another source. */
        SOURCE,
        /** The event or heartbeat is about another team. */
        TEAM,
        /** The event says that somebody else caused it. */
        ACTOR,
        /** The message or heartbeat names another agent or machine. */
        NAME,
        /** The work is none of this agent's. */
        WORK;

        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Reason reason;
    private final String claimed;

    /**
     * @param claimed what the message says, as it says it
     */
    public RefusedMessageException(Reason reason, String claimed) {
        super(reason.wire());
        this.reason = reason;
        String text = String.valueOf(claimed);
        this.claimed = text.length() > MAX_CLAIM ? text.substring(0, MAX_CLAIM) : text;
    }

    public Reason reason() {
        return reason;
    }

    /** The beginning of what the message says. Somebody unknown wrote it. */
    public String claimed() {
        return claimed;
    }
}
