package io.skein.runtime.log;

import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Reading the log. */
@ApplicationScoped
class LogService {

    private final EventLog log;
    private final EventStatistics statistics;
    private final Jdbi jdbi;

    @Inject
    LogService(EventLog log, EventStatistics statistics, Jdbi jdbi) {
        this.log = log;
        this.statistics = statistics;
        this.jdbi = jdbi;
    }

    Page<LoggedEvent> page(EventLog.Filter filter, int size) {
        return Page.of(
                jdbi.withHandle(handle -> log.list(handle, filter, size + 1)), size, event -> EventCursor.of(event)
                        .toString());
    }

    LoggedEvent get(UUID id, Visibility visibility) {
        return jdbi.withHandle(handle -> log.find(handle, id, visibility))
                .orElseThrow(() -> ProblemException.notFound("event"));
    }

    List<EventStatistics.TypeCount> types(Visibility visibility, Instant since) {
        return jdbi.withHandle(handle -> statistics.types(handle, visibility, since));
    }

    EventStatistics.Statistics statistics(Visibility visibility, Instant since) {
        return jdbi.withHandle(handle -> statistics.statistics(handle, visibility, since));
    }
}
