package io.skein.runtime.log;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.skein.contracts.event.SkeinEvent;
import io.skein.runtime.EventPublisher;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.routing.RoutedEventConsumer;
import io.skein.test.TestBroker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** With the registry's answer at hand an event is logged and routed in one go. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
@TestProfile(KnownRoutesQuarkusTest.Remembering.class)
class KnownRoutesQuarkusTest {

    public static class Remembering implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("skein.runtime.route-cache", "1h");
        }
    }

    @ApplicationScoped
    static class Noting implements RoutedEventConsumer {

        private final List<LoggedEvent> woken = new CopyOnWriteArrayList<>();

        @Override
        public void routed(Handle tx, LoggedEvent event, List<Woken> agents) {
            if (!agents.isEmpty()) {
                woken.add(event);
            }
        }

        List<List<String>> of(UUID id) {
            return woken.stream()
                    .filter(event -> event.id().equals(id))
                    .map(LoggedEvent::routedTo)
                    .toList();
        }
    }

    @Inject
    Jdbi jdbi;

    @Inject
    Noting noting;

    @Test
    void theAnswerIsUsedAgainAndEachEventWakesOnce() throws Exception {
        try (EventPublisher publisher = new EventPublisher()) {
            SkeinEvent first = TestBroker.event("device.offline").build();
            publisher.send(first);
            await().untilAsserted(() -> assertEquals(List.of(List.of("monitoring-manager")), noting.of(first.id())));

            RegistryStandIn.goAway();
            SkeinEvent second = TestBroker.event("device.offline").build();
            publisher.send(second);
            publisher.send(second);
            await().untilAsserted(() -> assertEquals("routed", routing(second.id())));
            assertEquals(List.of(List.of("monitoring-manager")), noting.of(second.id()));

            SkeinEvent unknown = TestBroker.event("device.online").build();
            publisher.send(unknown);
            await().untilAsserted(() -> assertEquals("pending", routing(unknown.id())));
            RegistryStandIn.comeBack();
            await().atMost(java.time.Duration.ofSeconds(15))
                    .untilAsserted(() -> assertEquals("unhandled", routing(unknown.id())));
            assertEquals(List.of(), noting.of(unknown.id()));
        } finally {
            RegistryStandIn.comeBack();
        }
    }

    private String routing(UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT routing FROM event_log WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .orElse(null));
    }
}
