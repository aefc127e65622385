package io.skein.runtime.routing;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.event.Priority;
import io.skein.runtime.RuntimeConfig;
import io.skein.runtime.log.EventLog;
import io.skein.runtime.log.LogListener;
import io.skein.runtime.log.LoggedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * Routes what the log has pending because the registry's answer was not at hand, in rounds: of each round the urgent events get
 * the larger share and go first, no priority is left without a share, and what the urgent do not need goes to the others. It asks
 * the registry outside of any transaction; when there is no answer the events stay pending in the database, so a crash or an outage
 * of the registry loses none, and those behind them do not wait. Replicas may route the same event at once: the
 * row update decides whose answer counts.
 */
@ApplicationScoped
class Router implements LogListener {

    private static final Logger LOG = Logger.getLogger(Router.class);
    private static final long POLL_MILLIS = 1000;
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);
    private static final int MAX_RESTING = 10_000;

    /** Most urgent first; the iteration order of the enum. */
    private static final Map<Priority, Integer> SHARE =
            new EnumMap<>(Map.of(Priority.CRITICAL, 80, Priority.HIGH, 60, Priority.NORMAL, 40, Priority.LOW, 20));

    private final EventLog log;
    private final Routes routes;
    private final EventTypeTag typeTag;
    private final Jdbi jdbi;
    private final Clock clock;
    private final RuntimeConfig config;
    private final MeterRegistry metrics;
    private final Semaphore signal = new Semaphore(0);
    private final AtomicLong pending = new AtomicLong();
    private volatile boolean stopping;
    private Thread thread;
    private boolean complained;

    /** The last round got no answer at all, and not for what it asked about. */
    private boolean dark;

    /** Questions there was no answer to; only the router's thread looks. */
    private final Map<List<String>, Rest> resting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Rest> eldest) {
            return size() > MAX_RESTING;
        }
    };

    @Inject
    Router(
            EventLog log,
            Routes routes,
            EventTypeTag typeTag,
            Jdbi jdbi,
            Clock clock,
            RuntimeConfig config,
            MeterRegistry metrics) {
        this.log = log;
        this.routes = routes;
        this.typeTag = typeTag;
        this.jdbi = jdbi;
        this.clock = clock;
        this.config = config;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        Gauge.builder("skein.runtime.events.pending", pending, AtomicLong::get)
                .description("Events logged and not routed yet")
                .register(metrics);
        thread = Thread.ofVirtual().name("router").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        thread.interrupt();
    }

    @Override
    public void logged(List<LoggedEvent> events) {
        count(events);
        if (signal.availablePermits() == 0
                && events.stream().anyMatch(event -> event.routing() == LoggedEvent.Routing.PENDING)) {
            signal.release();
        }
    }

    private void run() {
        while (!stopping) {
            try {
                if (round()) {
                    continue;
                }
                pending.set(resting.isEmpty() ? 0 : jdbi.withHandle(log::countPending));
                if (signal.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    signal.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Routes.RegistryAway | SQLException | RuntimeException e) {
                if (!stopping && !pause(e)) {
                    return;
                }
            }
        }
    }

    /** What went wrong in one round, and since when it takes. */
    private static final class Round {

        private final long began = System.nanoTime();
        private Routes.RegistryAway away;
        private boolean outage;
        private int unreachable;

        private boolean isLate() {
            return System.nanoTime() - began > ROUND_NANOS;
        }

        /** Asking the second time in vain is enough: each may take seconds. */
        private boolean isHopeless() {
            return unreachable > 1;
        }
    }

    /** A question there was no answer to: not asked again before, and then after twice the time. */
    private record Rest(long until, Duration pause) {}

    /** False when nothing was decided. */
    private boolean round() throws Routes.RegistryAway, SQLException {
        boolean any = false;
        int room = 0;
        Round round = new Round();
        for (Map.Entry<Priority, Integer> share : SHARE.entrySet()) {
            room += share.getValue();
            long after = 0;
            boolean more = true;
            while (more && !round.isHopeless()) {
                long last = after;
                int limit = room;
                List<LoggedEvent> events = jdbi.withHandle(handle -> log.pending(handle, share.getKey(), last, limit));
                List<LoggedEvent> decided = decide(round, events);
                record(decided);
                any |= !decided.isEmpty();
                room -= decided.size();
                after = events.isEmpty() ? after : events.getLast().seq();
                // What has no answer takes nobody's place.
                more = room > 0 && events.size() == limit && !round.isLate();
            }
        }
        if (any && dark) {
            // Whoever is back is asked at once.
            resting.clear();
        }
        // A type it never has an answer to says nothing about the others: what rests then goes on resting.
        dark = round.outage && !any;
        if (round.away != null && (round.isHopeless() || round.unreachable > 0 && !any)) {
            throw round.away;
        }
        if (complained) {
            LOG.info("the registry answers again, events are routed");
            complained = false;
        }
        forgetWhatNobodyAsks();
        return any;
    }

    /** Events leave the log; a question that nobody has asked since it was due is gone with its events. */
    private void forgetWhatNobodyAsks() {
        long now = System.nanoTime();
        resting.values().removeIf(rest -> now - rest.until() > LONGEST_REST.toNanos());
    }

    /**
     * Asks until the round has taken long enough: while the registry is asked about a thousand types of low priority, or about those it
     * has no answer to, nothing urgent is looked for. One of each priority is asked about all the same.
     */
    private List<LoggedEvent> decide(Round round, List<LoggedEvent> events) {
        List<LoggedEvent> decided = new ArrayList<>();
        boolean asked = false;
        for (LoggedEvent event : events) {
            List<String> question = List.of(event.team(), event.type());
            if (round.isHopeless() || round.isLate() && asked) {
                break;
            }
            Rest rest = resting.get(question);
            if (rest != null && System.nanoTime() - rest.until() < 0) {
                continue;
            }
            asked = true;
            try {
                decided.add(event.routed(routes.ask(event), clock.instant()));
                resting.remove(question);
            } catch (Routes.RegistryAway e) {
                Duration pause =
                        rest == null ? config.retryInterval() : rest.pause().multipliedBy(2);
                Duration atMost = pause.compareTo(LONGEST_REST) < 0 ? pause : LONGEST_REST;
                resting.put(question, new Rest(System.nanoTime() + atMost.toNanos(), atMost));
                if (rest == null && !e.isUnreachable()) {
                    LOG.warnf(
                            "events of type %s of team %s wait for a route, trying again every %d s at least: %s",
                            event.type(), event.team(), LONGEST_REST.toSeconds(), e.getMessage());
                }
                round.away = e;
                round.outage |= e.isOutage();
                round.unreachable += e.isUnreachable() ? 1 : 0;
            }
        }
        return decided;
    }

    private void record(List<LoggedEvent> decided) throws SQLException {
        if (decided.isEmpty()) {
            return;
        }
        count(jdbi.<List<LoggedEvent>, SQLException>inTransaction(tx -> {
            List<LoggedEvent> ours = log.routed(tx, decided);
            routes.routed(tx, ours);
            return ours;
        }));
    }

    private void count(List<LoggedEvent> events) {
        for (LoggedEvent event : events) {
            if (event.routing() != LoggedEvent.Routing.PENDING) {
                metrics.counter(
                                "skein.runtime.events",
                                "type",
                                typeTag.of(event.type()),
                                "priority",
                                event.priority().wire(),
                                "outcome",
                                event.routing().wire())
                        .increment();
            }
        }
    }

    /** False when it is time to stop. */
    private boolean pause(Exception e) {
        try {
            if (!complained) {
                LOG.warnf(
                        "events are logged but not routed, trying every %d ms: %s",
                        config.retryInterval().toMillis(), e.getMessage());
                complained = true;
            }
            Thread.sleep(config.retryInterval());
            resting.clear();
            pending.set(jdbi.withHandle(log::countPending));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException stillAway) {
            LOG.debugf("the database does not answer: %s", stillAway.getMessage());
        }
        return true;
    }
}
