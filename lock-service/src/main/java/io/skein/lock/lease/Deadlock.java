package io.skein.lock.lease;

import java.sql.SQLException;
import java.util.function.Supplier;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Two transactions that wait for each other. The order of the row locks keeps them from it but for the rarest: leases of several
 * resources that all run out in one moment, which two callers end in passing. PostgreSQL takes one of the two back, which then has done
 * nothing and is done again.
 */
final class Deadlock {

    private static final String DETECTED = "40P01";
    private static final int ATTEMPTS = 3;

    private Deadlock() {}

    static <T> T retried(Supplier<T> transaction) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.get();
            } catch (UnableToExecuteStatementException e) {
                boolean deadlock = e.getCause() instanceof SQLException sql && DETECTED.equals(sql.getSQLState());
                if (!deadlock || attempt >= ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
