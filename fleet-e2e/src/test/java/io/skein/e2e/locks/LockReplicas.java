package io.skein.e2e.locks;

import io.skein.e2e.Fleet;
import io.skein.e2e.Replica;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Processes of the lock service, beside the fleet's own to which nothing happens. */
final class LockReplicas implements AutoCloseable {

    private static final int REPLICAS = 3;

    private final List<Replica> replicas = new ArrayList<>();
    private final Path clock = Files.createTempFile("skein-clock", "");
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    LockReplicas(Fleet fleet) throws IOException {
        for (int i = 0; i < REPLICAS; i++) {
            // What is over is ended often enough for a sweep to be in the way.
            Map<String, String> changed = new HashMap<>(Map.of("SKEIN_LOCK_SWEEP_INTERVAL", "2s"));
            if (i == 0) {
                // One of them has a clock that can be set.
                changed.putAll(FakeTime.environment(clock));
            }
            Path log = fleet.state().resolve("logs/lock-service-replica-" + i + ".log");
            replicas.add(Replica.of(fleet, "lock-service", changed, log).start());
        }
        replicas.forEach(replica -> replica.awaitReady(http));
    }

    List<String> urls() {
        return replicas.stream().map(Replica::url).toList();
    }

    /** {@code kill -9}, and another process takes its place. */
    void kill(int which) throws IOException, InterruptedException {
        Replica replica = replicas.get(which % REPLICAS);
        replica.kill();
        replica.start();
        replica.awaitReady(http);
    }

    /** SIGSTOP for that long. */
    void freeze(int which, Duration howLong) throws IOException, InterruptedException {
        Replica replica = replicas.get(which % REPLICAS);
        replica.freeze();
        Thread.sleep(howLong);
        replica.thaw();
    }

    /** The wall clock of one is wrong for that long. */
    void stepClock(int seconds, Duration howLong) throws IOException, InterruptedException {
        FakeTime.step(clock, seconds);
        Thread.sleep(howLong);
        FakeTime.step(clock, 0);
    }

    @Override
    public void close() throws InterruptedException {
        for (Replica replica : replicas) {
            replica.close();
        }
        http.close();
    }
}
