package io.skein.lock.lease;

import io.quarkus.test.Mock;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The real thing, with a planted bug that a test can switch on: the rows are read without being locked. */
@Mock
@ApplicationScoped
class RowsWithSwitch extends ResourceRows {

    private volatile boolean withoutLocks;

    void plantBug(boolean planted) {
        withoutLocks = planted;
    }

    @Override
    List<Row> lock(Handle tx, String team, List<String> names) {
        if (!withoutLocks) {
            return super.lock(tx, team, names);
        }
        List<Row> rows = read(tx, team, names, "");
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return rows;
    }
}
