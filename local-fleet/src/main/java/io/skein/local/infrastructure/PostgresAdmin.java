package io.skein.local.infrastructure;

import io.skein.local.FleetException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes the database, and a role and a schema for each service. Services never do that themselves: they hold no right beyond
 * their own schema.
 *
 * @param url of a database that exists, usually {@code postgres}
 */
public record PostgresAdmin(String url, String user, String password) {

    /** Creates what is missing and sets the password; all of it may exist already. */
    public void provision(String database, String schema, String role, String rolePassword) {
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            if (!exists(connection, "select 1 from pg_roles where rolname = ?", role)) {
                execute(connection, "create role " + quoted(role) + " login");
            }
            execute(
                    connection,
                    "alter role " + quoted(role) + " with login password '" + rolePassword.replace("'", "''") + "'");
            if (!exists(connection, "select 1 from pg_database where datname = ?", database)) {
                execute(connection, "create database " + quoted(database));
                execute(connection, "revoke all on database " + quoted(database) + " from public");
            }
            execute(connection, "grant connect, temporary on database " + quoted(database) + " to " + quoted(role));
        } catch (SQLException e) {
            throw failed(role, e);
        }
        try (Connection connection = DriverManager.getConnection(databaseUrl(database), user, password)) {
            execute(connection, "create schema if not exists " + quoted(schema) + " authorization " + quoted(role));
            execute(connection, "revoke all on schema public from public");
            execute(connection, "alter role " + quoted(role) + " set search_path = " + quoted(schema));
        } catch (SQLException e) {
            throw failed(role, e);
        }
    }

    /** The same server, another database. */
    public String databaseUrl(String database) {
        int query = url.indexOf('?');
        String path = query < 0 ? url : url.substring(0, query);
        return path.substring(0, path.lastIndexOf('/') + 1) + database + (query < 0 ? "" : url.substring(query));
    }

    private static FleetException failed(String role, SQLException e) {
        return new FleetException("PostgreSQL refuses to prepare the role " + role + ": " + e.getMessage() + ".", e);
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
