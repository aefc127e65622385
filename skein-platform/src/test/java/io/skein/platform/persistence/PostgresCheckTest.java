package io.skein.platform.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresCheckTest {

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://127.0.0.1:5432/skein, x, ''",
        "jdbc:postgresql:skein, x, ''",
        "jdbc:postgresql:///skein, x, ''",
        "jdbc:postgresql://db.example/skein, x, postgres-plain",
        "jdbc:postgresql://db.example/skein?sslmode=disable, x, postgres-plain",
        "jdbc:postgresql://db.example/skein?sslmode=prefer, x, postgres-plain",
        "jdbc:postgresql://db.example/skein?sslmode=require, x, postgres-unverified",
        "jdbc:postgresql://db.example/skein?sslmode=verify-ca, x, postgres-unverified",
        "jdbc:postgresql://db.example/skein?sslmode=verify-full, x, ''",
        "jdbc:postgresql://db.example/skein?ssl=true, x, ''",
        "jdbc:postgresql://db.example/skein?ssl=true&sslmode=prefer, x, postgres-plain",
        "jdbc:postgresql://db.example/skein?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory, x, postgres-unverified",
        "'jdbc:postgresql://127.0.0.1:5432,db.example:5432/skein', x, postgres-plain",
        "jdbc:postgresql://db.example/skein?sslmode=verify-full, skein_locks, postgres-password",
        "jdbc:postgresql://db.example/skein?sslmode=verify-full, postgres, postgres-password",
        "jdbc:postgresql://db.example/skein?sslmode=verify-full, '', ''"
    })
    void findsWhatIsUnsafe(String url, String password, String ids) {
        assertEquals(
                ids,
                String.join(
                        " ",
                        PostgresCheck.findings(url, "skein_locks", password).stream()
                                .map(finding -> finding.setting().id())
                                .toList()));
    }
}
