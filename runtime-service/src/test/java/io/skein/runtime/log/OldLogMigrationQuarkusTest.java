package io.skein.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.event.Priority;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.SkeinInfrastructure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** EVT-02: a log of the time before it was kept by days, with what is in it, comes through the update. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class OldLogMigrationQuarkusTest {

    private static final String SCHEMA = "before_days";

    @AfterEach
    void drop() throws SQLException {
        try (Connection connection = SkeinInfrastructure.connect("runtime")) {
            connection.createStatement().execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
        }
    }

    @Test
    void everyRowOfTheOldLogIsKeptWithItsPlaceAndItsDay() throws Exception {
        try (Connection connection = SkeinInfrastructure.connect("runtime")) {
            connection.createStatement().execute("CREATE SCHEMA " + SCHEMA);
        }
        migrate("2");
        Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS);
        List<Instant> times = new ArrayList<>(List.of(
                midnight.minus(40, ChronoUnit.DAYS),
                midnight.minus(3, ChronoUnit.DAYS).minus(1, ChronoUnit.MICROS),
                midnight.minus(3, ChronoUnit.DAYS),
                midnight.minus(1, ChronoUnit.MICROS),
                midnight));
        List<UUID> ids = new ArrayList<>();
        Jdbi jdbi = Jdbi.create(() -> SkeinInfrastructure.connect(SCHEMA));
        jdbi.useHandle(handle -> {
            for (Instant at : times) {
                UUID id = Ids.next();
                ids.add(id);
                old(handle, id, at, at.equals(midnight) ? "pending" : "routed");
            }
            // A hole in the order, as a transaction leaves it that was taken back.
            handle.execute("SELECT nextval('event_log_seq_seq')");
            handle.execute(
                    "INSERT INTO inbox (queue, message_id) VALUES ('skein.runtime.events.low', ?)", ids.getFirst());
        });
        List<Map<String, Object>> before = rows(jdbi);

        // The server of a fleet, and the one who updates it, may be anywhere.
        migrate(null);

        assertEquals(before, rows(jdbi));
        jdbi.useHandle(handle -> {
            for (int i = 0; i < ids.size(); i++) {
                String table = handle.createQuery("SELECT tableoid::regclass::text FROM event_log WHERE id = :id")
                        .bind("id", ids.get(i))
                        .mapTo(String.class)
                        .one();
                LocalDate day = times.get(i).atZone(ZoneOffset.UTC).toLocalDate();
                assertEquals("event_log_" + day.toString().replace("-", ""), table);
            }
            long last = handle.createQuery("SELECT max(seq) FROM event_log")
                    .mapTo(Long.class)
                    .one();
            UUID next = Ids.next();
            old(handle, next, Instant.now(), "pending");
            long seq = handle.createQuery("SELECT seq FROM event_log WHERE id = :id")
                    .bind("id", next)
                    .mapTo(Long.class)
                    .one();
            assertTrue(seq > last, seq + " after " + last);
            assertEquals(
                    List.of(ids.getLast(), next),
                    new EventLog()
                            .pending(handle, Priority.LOW, 0, 10).stream()
                                    .map(LoggedEvent::id)
                                    .toList());
            // What is in the log comes no second time, as far back as anything is remembered.
            assertEquals(
                    ids.subList(1, ids.size()).stream().sorted().toList(),
                    handle
                            .createQuery("SELECT message_id FROM inbox WHERE queue = 'skein.runtime.events'")
                            .mapTo(UUID.class)
                            .list()
                            .stream()
                            .sorted()
                            .toList());
        });
        assertEquals(
                List.of(midnight.minus(40, ChronoUnit.DAYS)
                        .atZone(ZoneOffset.UTC)
                        .toLocalDate()),
                new LogDays(jdbi).dropBefore(midnight.minus(30, ChronoUnit.DAYS)));
    }

    /** A partition's day is one of UTC, wherever the server stands: noon on Kiritimati is the evening of the day before. */
    @Test
    void aDayIsADayInUtcWhateverTheTimeZoneOfTheSession() throws Exception {
        try (Connection connection = SkeinInfrastructure.connect("runtime")) {
            connection.createStatement().execute("CREATE SCHEMA " + SCHEMA);
        }
        migrate(null);
        for (String zone : List.of("Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo", "UTC")) {
            Jdbi jdbi = Jdbi.create(() -> {
                Connection connection = SkeinInfrastructure.connect(SCHEMA);
                connection.createStatement().execute("SET TIME ZONE '" + zone + "'");
                return connection;
            });
            TimeZone mine = TimeZone.getDefault();
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            try {
                LogDays days = new LogDays(jdbi);
                for (String day : List.of("2031-03-29", "2031-03-30", "2018-11-04")) {
                    Instant first = Instant.parse(day + "T00:00:00Z");
                    Instant last = Instant.parse(day + "T23:59:59.999999Z");
                    days.ensure(first);
                    jdbi.useHandle(handle -> {
                        old(handle, Ids.next(), first, "routed");
                        old(handle, Ids.next(), last, "routed");
                        assertEquals(
                                List.of("event_log_" + day.replace("-", "")),
                                handle.createQuery(
                                                "SELECT DISTINCT tableoid::regclass::text FROM event_log WHERE received_at"
                                                        + " IN (:first, :last)")
                                        .bind("first", first.atOffset(ZoneOffset.UTC))
                                        .bind("last", last.atOffset(ZoneOffset.UTC))
                                        .mapTo(String.class)
                                        .list(),
                                zone);
                    });
                }
            } finally {
                TimeZone.setDefault(mine);
            }
        }
    }

    private static void old(Handle handle, UUID id, Instant at, String routing) {
        handle.execute(
                "INSERT INTO event_log (id, source, type, priority, team, owner, time, received_at, data, routing)"
                        + " VALUES (?, '/x', 'old.event', 'low', 'default', 'ada', ?, ?, '{\"a\": 1}', ?)",
                id,
                at.atOffset(ZoneOffset.UTC),
                at.atOffset(ZoneOffset.UTC),
                routing);
    }

    private static List<Map<String, Object>> rows(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT seq, id, source, type, priority, team, owner, time::text,"
                                + " received_at::text, data::text, routing, routed_to::text FROM event_log ORDER BY seq")
                .mapToMap()
                .list());
    }

    private static void migrate(String version) {
        String user = System.getProperty("skein.test.postgres.user");
        Flyway.configure()
                .dataSource(System.getProperty("skein.test.postgres.url") + "?currentSchema=" + SCHEMA, user, user)
                .schemas(SCHEMA)
                .createSchemas(false)
                .locations("db/platform", "db/migration")
                .target(version == null ? MigrationVersion.LATEST : MigrationVersion.fromVersion(version))
                .load()
                .migrate();
    }
}
