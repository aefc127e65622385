package io.skein.platform.problem;

import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;

/** Whether something failed because the database cannot be reached, and not because of what it was asked. */
final class DatabaseAway {

    /** connection exception, insufficient resources, operator intervention (shutdown, crash, not ready yet). */
    private static final String CONNECTION = "08";

    private static final String RESOURCES = "53";
    private static final String INTERVENTION = "57P";

    private DatabaseAway() {}

    static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                return state.startsWith(CONNECTION) || state.startsWith(RESOURCES) || state.startsWith(INTERVENTION);
            }
        }
        return false;
    }
}
