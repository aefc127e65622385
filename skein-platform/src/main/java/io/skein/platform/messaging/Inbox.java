package io.skein.platform.messaging;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What was handled before, in the transaction that handles the next. */
final class Inbox {

    private Inbox() {}

    /** True when it was not there. */
    static boolean add(Handle tx, String name, UUID id) {
        return tx.execute("INSERT INTO inbox (queue, message_id) VALUES (?, ?) ON CONFLICT DO NOTHING", name, id) == 1;
    }

    /** Those that were not there. In order, so that two transactions with the same ids wait for each other one way only. */
    static Set<UUID> add(Handle tx, String name, Collection<UUID> ids) throws SQLException {
        Connection connection = tx.getConnection();
        try (var statement = connection.prepareStatement("""
                INSERT INTO inbox (queue, message_id) SELECT ?, id FROM unnest(?::uuid[]) AS id ORDER BY id
                ON CONFLICT DO NOTHING RETURNING message_id""")) {
            statement.setString(1, name);
            statement.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
            Set<UUID> fresh = new HashSet<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    fresh.add(rows.getObject(1, UUID.class));
                }
            }
            return fresh;
        }
    }
}
