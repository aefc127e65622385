package io.skein.runtime.log;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** The tables the log is made of, one per day in UTC. */
@ApplicationScoped
class LogDays {

    private static final Logger LOG = Logger.getLogger(LogDays.class);
    private static final int AHEAD = 3;
    private static final String PREFIX = "event_log_";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private final Jdbi jdbi;
    private final Set<LocalDate> known = ConcurrentHashMap.newKeySet();

    @Inject
    LogDays(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** There is a table for what is received then; costs nothing when it was there the last time. */
    void ensure(Instant receivedAt) {
        ensure(day(receivedAt));
    }

    /** Made before they are needed: a new table at midnight would wait for whoever reads the log. */
    void makeAhead(Instant now) {
        for (int i = 0; i <= AHEAD; i++) {
            ensure(day(now).plusDays(i));
        }
    }

    /** Drops the days that ended before {@code limit} and of which every event is routed. Returns which. */
    List<LocalDate> dropBefore(Instant limit) {
        List<LocalDate> dropped = new ArrayList<>();
        for (LocalDate day : days()) {
            if (day.isBefore(day(limit)) && drop(day)) {
                dropped.add(day);
            }
        }
        return dropped;
    }

    /** Oldest first. */
    List<LocalDate> days() {
        return jdbi
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT child.relname FROM pg_inherits
                        JOIN pg_class child ON child.oid = inhrelid
                        WHERE inhparent = 'event_log'::regclass ORDER BY child.relname""").mapTo(String.class).list())
                .stream()
                .flatMap(name -> parse(name).stream())
                .toList();
    }

    private void ensure(LocalDate day) {
        if (!known.contains(day)) {
            jdbi.useTransaction(tx -> tx.createQuery("SELECT event_log_add_day(:day)")
                    .bind("day", day)
                    .mapTo(Boolean.class)
                    .one());
            known.add(day);
        }
    }

    private boolean drop(LocalDate day) {
        String table = PREFIX + day.format(DAY);
        try {
            return jdbi.inTransaction(tx -> {
                // Whoever waits for this lock has everybody else wait behind it.
                tx.execute("SET LOCAL lock_timeout = '2s'");
                tx.execute("LOCK TABLE " + table + " IN SHARE MODE");
                boolean pending = tx.createQuery("SELECT EXISTS (SELECT FROM " + table + " WHERE routing = 'pending')")
                        .mapTo(Boolean.class)
                        .one();
                if (pending) {
                    return false;
                }
                known.remove(day);
                tx.execute("DROP TABLE " + table);
                return true;
            });
        } catch (JdbiException e) {
            LOG.infof("the events of %s stay another hour: %s", day, e.getMessage());
            return false;
        }
    }

    private static LocalDate day(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static Optional<LocalDate> parse(String table) {
        try {
            return Optional.of(LocalDate.parse(table.substring(PREFIX.length()), DAY));
        } catch (DateTimeParseException | StringIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
