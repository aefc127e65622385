package io.skein.local.fleet;

import io.skein.local.Console;
import io.skein.local.FleetException;
import io.skein.local.process.Pause;
import io.skein.local.process.ProcessTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Starts services and waits until all are ready. A few at a time: on two cores eight JVMs starting together only get in each
 * other's way, and the first ones are of use to those that come after. One that is slow does not hold the rest for ever.
 */
final class ServiceStart {
    private static final Duration SLOW = Duration.ofSeconds(8);

    private final Fleet fleet;
    private final ProcessTable processes;
    private final Console console;

    ServiceStart(Fleet fleet, ProcessTable processes, Console console) {
        this.fleet = fleet;
        this.processes = processes;
        this.console = console;
    }

    void start(Collection<Service> services, Instant deadline) {
        int together = Math.max(3, Runtime.getRuntime().availableProcessors() + 1);
        // The largest first: it takes longest, and what it waits for is none of the others.
        Deque<Service> waiting = services.stream()
                .sorted(Comparator.comparingInt(Service::heapMegabytes).reversed())
                .collect(Collectors.toCollection(ArrayDeque::new));
        Map<Service, Instant> starting = new EnumMap<>(Service.class);
        Set<Service> ready = EnumSet.noneOf(Service.class);
        try (HttpProbe probe = new HttpProbe()) {
            while (ready.size() < services.size()) {
                Instant now = Instant.now();
                while (!waiting.isEmpty()
                        && starting.values().stream()
                                        .filter(at -> at.plus(SLOW).isAfter(now))
                                        .count()
                                < together) {
                    Service next = waiting.poll();
                    if (processes.find(next.module()).isEmpty()) {
                        processes.start(fleet.specification(next));
                    }
                    starting.put(next, now);
                }
                for (Service service : List.copyOf(starting.keySet())) {
                    HttpProbe.Readiness readiness = probe.ready(fleet.url(service));
                    if (processes.find(service.module()).isEmpty()) {
                        throw failed(service, "ended while starting");
                    }
                    if (readiness.ready()) {
                        starting.remove(service);
                        ready.add(service);
                        console.progress(ready.size(), services.size(), service.module() + " is ready");
                    } else if (Instant.now().isAfter(deadline)) {
                        throw failed(service, "is not ready in time (" + readiness.detail() + ")");
                    }
                }
                Pause.millis(100);
            }
        }
    }

    private FleetException failed(Service service, String what) {
        Path log = fleet.log(service);
        String last;
        try {
            last = String.join("\n", ProductBuild.tail(Files.readAllLines(log, StandardCharsets.UTF_8), 15));
        } catch (IOException e) {
            last = "(no log)";
        }
        return new FleetException(service.module() + " " + what + ". The last lines of " + log + ":\n" + last
                + "\nWhat runs was left running; ./skein down stops it.");
    }
}
