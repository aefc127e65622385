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
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
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
 * Routes what the log has pending, in rounds: of each round the urgent events get the larger share and go first, and no
 * priority is left without a share. It asks the registry outside of any transaction; when there is no answer the events stay
 * pending in the database, so a crash or an outage of the registry loses none. Replicas may route the same event at once: the
 * row update decides whose answer counts.
 */
@ApplicationScoped
class Router implements LogListener {

    private static final Logger LOG = Logger.getLogger(Router.class);
    private static final long POLL_MILLIS = 1000;

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
    private final List<RoutedEventConsumer> listeners;
    private final Semaphore signal = new Semaphore(0);
    private final AtomicLong pending = new AtomicLong();
    private volatile boolean stopping;
    private Thread thread;
    private boolean complained;

    @Inject
    Router(
            EventLog log,
            Routes routes,
            EventTypeTag typeTag,
            Jdbi jdbi,
            Clock clock,
            RuntimeConfig config,
            MeterRegistry metrics,
            @Any Instance<RoutedEventConsumer> listeners) {
        this.log = log;
        this.routes = routes;
        this.typeTag = typeTag;
        this.jdbi = jdbi;
        this.clock = clock;
        this.config = config;
        this.metrics = metrics;
        this.listeners = listeners.stream().toList();
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
    public void logged() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    private void run() {
        while (!stopping) {
            try {
                if (round()) {
                    continue;
                }
                pending.set(0);
                if (signal.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    signal.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Routes.RegistryAway | RuntimeException e) {
                if (!stopping && !pause(e)) {
                    return;
                }
            }
        }
    }

    /** False when nothing was pending. */
    private boolean round() throws Routes.RegistryAway {
        boolean any = false;
        Routes.RegistryAway away = null;
        for (Map.Entry<Priority, Integer> share : SHARE.entrySet()) {
            List<LoggedEvent> events = jdbi.withHandle(handle -> log.pending(handle, share.getKey(), share.getValue()));
            Map<LoggedEvent, List<String>> decided = new LinkedHashMap<>();
            for (LoggedEvent event : events) {
                try {
                    decided.put(event, routes.of(event));
                } catch (Routes.RegistryAway e) {
                    away = e;
                    if (e.isUnreachable()) {
                        break;
                    }
                }
            }
            record(decided);
            any |= !events.isEmpty();
        }
        if (away != null) {
            throw away;
        }
        if (complained) {
            LOG.info("the registry answers again, events are routed");
            complained = false;
        }
        return any;
    }

    private void record(Map<LoggedEvent, List<String>> decided) {
        if (decided.isEmpty()) {
            return;
        }
        List<LoggedEvent> ours = jdbi.inTransaction(tx -> {
            List<LoggedEvent> won = decided.entrySet().stream()
                    .filter(entry -> log.routed(tx, entry.getKey().seq(), entry.getValue(), clock.instant()))
                    .map(Map.Entry::getKey)
                    .toList();
            won.forEach(event -> listeners.forEach(listener -> listener.routed(tx, event, decided.get(event))));
            return won;
        });
        for (LoggedEvent event : ours) {
            metrics.counter(
                            "skein.runtime.events",
                            "type",
                            typeTag.of(event.type()),
                            "priority",
                            event.priority().wire(),
                            "outcome",
                            decided.get(event).isEmpty() ? "unhandled" : "routed")
                    .increment();
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
