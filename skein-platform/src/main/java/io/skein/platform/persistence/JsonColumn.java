package io.skein.platform.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.contracts.wire.WireFormat;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.util.PGobject;

/** jsonb columns. */
public final class JsonColumn {

    private JsonColumn() {}

    /** A value to bind to a {@code jsonb} parameter; null stays null. */
    public static PGobject jsonb(Object value) {
        try {
            PGobject object = new PGobject();
            object.setType("jsonb");
            object.setValue(value == null ? null : WireFormat.writeString(value));
            return object;
        } catch (SQLException e) {
            throw new IllegalArgumentException("not storable as jsonb", e);
        }
    }

    public static <T> T read(ResultSet row, String column, Class<T> type) throws SQLException {
        String json = row.getString(column);
        return json == null ? null : WireFormat.read(json, type);
    }

    public static <T> T read(ResultSet row, String column, TypeReference<T> type) throws SQLException {
        String json = row.getString(column);
        try {
            return json == null ? null : WireFormat.mapper().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new SQLException("column " + column + " does not hold " + type.getType(), e);
        }
    }
}
