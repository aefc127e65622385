package io.skein.lock.lease;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears from the other replicas, through PostgreSQL, that a caller of this one was served. It comes with their commit, so hearing it is
 * as quick as a release here. What is lost while the connection is away {@link LeaseKeeper} finds.
 */
@ApplicationScoped
class Notifications {

    private static final Logger LOG = Logger.getLogger(Notifications.class);
    private static final int LISTEN_MILLIS = 1000;
    private static final int RETRY_MILLIS = 500;

    @Inject
    AgroalDataSource database;

    @Inject
    Replica replica;

    @Inject
    WaitRoom waitRoom;

    private volatile boolean stopping;
    private Thread thread;

    void start(@Observes StartupEvent event) {
        thread = Thread.ofPlatform().daemon().name("lock-notifications").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        thread.interrupt();
    }

    private void run() {
        boolean failing = false;
        while (!stopping) {
            try (Connection connection = database.getConnection()) {
                listen(connection);
            } catch (SQLException | RuntimeException e) {
                if (!failing && !stopping) {
                    LOG.warnf(
                            "other replicas cannot be heard, looking five times a second instead: %s", e.getMessage());
                }
                failing = true;
                pause();
                continue;
            }
            failing = false;
        }
    }

    private void listen(Connection connection) throws SQLException {
        execute(connection, "LISTEN " + replica.name());
        try {
            PGConnection listener = connection.unwrap(PGConnection.class);
            waitRoom.ringAll();
            while (!stopping) {
                PGNotification[] heard = listener.getNotifications(LISTEN_MILLIS);
                for (PGNotification one : heard == null ? new PGNotification[0] : heard) {
                    waitRoom.ring(UUID.fromString(one.getParameter()));
                }
            }
        } finally {
            // By the pool's own object: it must see when the connection is broken, or it gives it to somebody else.
            execute(connection, "UNLISTEN *");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            stopping = true;
        }
    }
}
