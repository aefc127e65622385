package io.skein.local.infrastructure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresAdminTest {

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h:5432/postgres, jdbc:postgresql://h:5432/skein",
        "jdbc:postgresql://h/postgres?sslmode=require&x=/y, jdbc:postgresql://h/skein?sslmode=require&x=/y"
    })
    void theSameServerAnotherDatabase(String url, String expected) {
        assertEquals(expected, new PostgresAdmin(url, "u", "p").databaseUrl("skein"));
    }
}
