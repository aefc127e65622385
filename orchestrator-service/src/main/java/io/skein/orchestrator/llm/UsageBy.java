package io.skein.orchestrator.llm;

import io.skein.platform.problem.ProblemException;

/** What usage is summed by. */
enum UsageBy {
    PROVIDER("provider"),
    USER("person"),
    SESSION("session_id"),
    PLAN("plan_id"),
    PURPOSE("purpose");

    private final String column;

    UsageBy(String column) {
        this.column = column;
    }

    String column() {
        return column;
    }

    /** @throws ProblemException validation_failed when it is none of these */
    static UsageBy of(String wire) {
        if (wire == null || wire.isBlank()) {
            return PROVIDER;
        }
        for (UsageBy by : values()) {
            if (by.name().equalsIgnoreCase(wire)) {
                return by;
            }
        }
        throw ProblemException.invalid("by", "must be provider, user, session, plan or purpose");
    }
}
