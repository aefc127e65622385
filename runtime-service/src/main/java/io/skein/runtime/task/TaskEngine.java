package io.skein.runtime.task;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.contracts.Ids;
import io.skein.runtime.instance.InstanceLeases;
import io.skein.runtime.instance.InstanceRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;

/** The engine of this process. */
@ApplicationScoped
class TaskEngine {

    @Inject
    Jdbi jdbi;

    @Inject
    InstanceLeases leases;

    @Inject
    InstanceRepository instances;

    @Inject
    TaskRepository tasks;

    @Inject
    StepRepository steps;

    @Inject
    TaskTools tools;

    @Inject
    TaskEvents events;

    @Inject
    TaskEnd end;

    @Inject
    TaskMetrics metrics;

    @Inject
    TaskSignal signal;

    @Inject
    TaskConfig config;

    @Inject
    Clock clock;

    private Engine engine;

    void start(@Observes StartupEvent event) {
        start();
    }

    void stop(@Observes ShutdownEvent event) {
        stop();
    }

    void start() {
        engine = make(leases, config);
        engine.start();
    }

    void stop() {
        engine.stop();
    }

    /** One more, as another process would have. */
    Engine make(InstanceLeases fencing, TaskConfig how) {
        TaskHoldings holdings = new TaskHoldings(jdbi, fencing, instances, tasks, steps, tools, how, clock);
        TaskRun run =
                new TaskRun(jdbi, fencing, instances, tasks, steps, tools, events, end, metrics, holdings, how, clock);
        return new Engine(Ids.next(), jdbi, fencing, instances, tasks, run, holdings, events, end, signal, how, clock);
    }
}
