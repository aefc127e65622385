package io.skein.lockclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** The lock service said no, or what it always will; its problem document says why. */
public class LockRefusedException extends RuntimeException {

    public static final String HELD = "lock_held";
    public static final String ENDED = "lock_expired";

    private static final long serialVersionUID = 1L;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final int status;
    private final transient JsonNode problem;

    LockRefusedException(int status, JsonNode problem) {
        super(problem.path("detail").asText("The lock service answered with status " + status + "."));
        this.status = status;
        this.problem = problem;
    }

    /** The caller has no more time, and others are still ahead of it. */
    static LockRefusedException stillWaiting() {
        return new LockRefusedException(
                CONFLICT,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("code", HELD)
                        .put("detail", "Others stand ahead of you in the queue, and the time to wait is over."));
    }

    public int status() {
        return status;
    }

    /** {@code lock_held}, {@code lock_expired}, {@code validation_failed}…; empty when the answer was no problem document. */
    public String code() {
        return problem.path("code").asText("");
    }

    /** Who holds it: {@code ownerId}, {@code expiresAt} and more; missing when only others in the queue are in the way. */
    public JsonNode holder() {
        return problem.path("holder");
    }

    /** Somebody else has it, or is next. */
    public boolean isHeld() {
        return code().equals(HELD);
    }

    /** The lock is over: given back, taken away, run out or unknown. */
    public boolean isOver() {
        return code().equals(ENDED) || status == NOT_FOUND;
    }

    /** What the lock ended as: released, expired or overridden; empty when it is not that. */
    public String lockStatus() {
        return problem.path("lockStatus").asText("");
    }
}
