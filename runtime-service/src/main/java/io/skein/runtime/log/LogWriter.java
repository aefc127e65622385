package io.skein.runtime.log;

import io.skein.contracts.event.SkeinEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Puts events into the log, and routes those whose way is known: most are written once and never touched again. */
@ApplicationScoped
class LogWriter {

    private final EventLog log;
    private final LogDays days;
    private final KnownRouteProvider routes;
    private final LogListener listener;
    private final Clock clock;

    @Inject
    LogWriter(EventLog log, LogDays days, KnownRouteProvider routes, LogListener listener, Clock clock) {
        this.log = log;
        this.days = days;
        this.routes = routes;
        this.listener = listener;
        this.clock = clock;
    }

    void write(Handle tx, List<SkeinEvent> events) throws SQLException {
        // As precise as PostgreSQL keeps it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        days.ensure(now);
        List<LoggedEvent> logged = events.stream()
                .map(event -> LoggedEvent.pending(event, now))
                .map(event -> routed(event, now))
                .toList();
        log.append(tx, logged);
        List<LoggedEvent> routed = logged.stream()
                .filter(event -> event.routing() != LoggedEvent.Routing.PENDING)
                .toList();
        if (!routed.isEmpty()) {
            routes.routed(tx, routed);
        }
        tx.afterCommit(() -> listener.logged(logged));
    }

    private LoggedEvent routed(LoggedEvent event, Instant now) {
        Optional<List<Woken>> agents = routes.of(event);
        return agents.isPresent() ? event.routed(agents.get(), now) : event;
    }
}
