package io.skein.platform.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A consumer whose channel is closed while its connection stands: nothing but a restart would bring it back by itself. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class ConsumerComesBackQuarkusTest {

    @Inject
    DyingBatchConsumer consumer;

    @Test
    void afterItsThreadDiedOfAMessage() throws Exception {
        try (TestBroker broker = new TestBroker()) {
            SkeinEvent deadly = low("dying.now");
            broker.send(deadly);
            assertArrives(deadly);
            assertEquals(2, consumer.deaths.get(), "it came again");
            SkeinEvent next = low("living.on");
            broker.send(next);
            assertArrives(next);
        }
    }

    private void assertArrives(SkeinEvent event) {
        await().atMost(Duration.ofSeconds(20)).until(() -> consumer.got.contains(event.id()));
    }

    private static SkeinEvent low(String type) {
        return TestBroker.event(type).priority(Priority.LOW).build();
    }
}
