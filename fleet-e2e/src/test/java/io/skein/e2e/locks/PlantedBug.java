package io.skein.e2e.locks;

import io.skein.e2e.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * A mistake in one function of the lock service's database, of those its own tests know ({@code src/test/resources/planted}). The
 * program has no switch that makes it wrong.
 */
final class PlantedBug implements AutoCloseable {

    private final Connection connection;
    private final String right;

    private PlantedBug(Connection connection, String right) {
        this.connection = connection;
        this.right = right;
    }

    /** Plants it in the running fleet; closing what is returned takes it out again. */
    static PlantedBug plant(Fleet fleet, String bug, String function) throws SQLException, IOException {
        Properties login = new Properties();
        login.setProperty("user", "skein_locks");
        login.setProperty("password", fleet.secrets().getProperty("postgres.role.skein_locks.password"));
        Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + fleet.ports().getProperty("postgresql") + "/skein?currentSchema=locks",
                login);
        String source =
                Files.readString(fleet.repository().resolve("lock-service/src/test/resources/planted/" + bug + ".sql"));
        PlantedBug planted = new PlantedBug(connection, definition(connection, function));
        planted.execute(source);
        return planted;
    }

    private static String definition(Connection connection, String function) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_get_functiondef(CAST(? AS regproc))")) {
            statement.setString(1, function);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            execute(right);
        }
    }
}
