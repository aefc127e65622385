package io.skein.lock.lease;

import io.skein.contracts.event.Priority;
import io.skein.lock.claim.Claim;
import io.skein.lock.queue.Waiter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** What a caller does, without HTTP; and what goes wrong on purpose. */
@ApplicationScoped
class Locks {

    @Inject
    Acquiring acquiring;

    @Inject
    LeaseService service;

    @Inject
    Jdbi jdbi;

    Lease acquire(Claim claim, Duration patience) {
        Place place = acquiring.ask(claim, Patience.ofCall(patience), hangUp -> {});
        if (place.lock() == null) {
            throw new AssertionError("neither granted nor refused: " + place);
        }
        return place.lock();
    }

    void release(Lease lease) {
        service.release(lease.id(), person(lease.acquiredBy()), null);
    }

    List<Waiter> waitingFor(String resource) {
        return acquiring.waitingFor("default", resource);
    }

    /** Puts a bug of {@code src/test/resources/planted} into this test's database; closing what is returned takes it out. */
    AutoCloseable plant(String bug, String function) throws SQLException {
        String right = jdbi.withHandle(h -> h.createQuery("SELECT pg_get_functiondef(CAST(:name AS regproc))")
                .bind("name", function)
                .mapTo(String.class)
                .one());
        execute(read(bug));
        return () -> execute(right);
    }

    private void execute(String sql) throws SQLException {
        jdbi.useHandle(h -> {
            try (var statement = h.getConnection().createStatement()) {
                statement.execute(sql);
            }
        });
    }

    private static String read(String bug) {
        try (InputStream file = Locks.class.getResourceAsStream("/planted/" + bug + ".sql")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Claim claim(String owner, Priority priority, int ttl, String request, String... resources) {
        return new Claim(
                "default",
                List.of(resources),
                owner,
                "user",
                owner,
                null,
                priority,
                Duration.ofSeconds(ttl),
                request,
                null);
    }

    static Claim claim(String owner, String... resources) {
        return claim(owner, Priority.NORMAL, 60, null, resources);
    }

    static LeaseService.Person person(String actor) {
        return new LeaseService.Person(actor, "default", false, null);
    }
}
