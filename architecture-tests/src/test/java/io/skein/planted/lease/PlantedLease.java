package io.skein.planted.lease;

import jakarta.ws.rs.core.Response;
import java.sql.ResultSet;

/** A value that knows HTTP and JDBC. */
public record PlantedLease(String resource, Response response) {
    static PlantedLease read(ResultSet row) throws java.sql.SQLException {
        return new PlantedLease(row.getString(1), null);
    }
}
