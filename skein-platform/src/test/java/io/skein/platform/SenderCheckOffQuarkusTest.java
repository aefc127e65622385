package io.skein.platform;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import jakarta.inject.Inject;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/**
 * The weak variant: without the check, what {@link SenderCheckQuarkusTest} sees refused is believed. It shows that the refusals
 * there are the check's doing, and what switching it off costs.
 */
@QuarkusTest
@TestProfile(SenderCheckOffQuarkusTest.Off.class)
@QuarkusTestResource(value = SkeinInfrastructure.class, restrictToAnnotatedClass = true)
class SenderCheckOffQuarkusTest {

    public static final class Off implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("skein.messaging.sender-check", "off");
        }
    }

    @Inject
    Jdbi jdbi;

    @Test
    void aForgedEventIsBelieved() throws Exception {
        BrokerIdentity lock = new BrokerIdentity.Service("lock-service");
        try (TestBroker broker = new TestBroker()) {
            TestBroker.Speaker speaker = broker.as(lock);
            SkeinInfrastructure.loosen(lock.userName());
            SkeinEvent forged = TestBroker.event("plan.approved").build();
            speaker.send(Exchange.EVENTS, forged.routingKey(), forged.id(), WireFormat.write(forged));
            await().atMost(20, SECONDS)
                    .until(() -> jdbi.withHandle(
                                    h -> h.createQuery("SELECT count(*) FROM noted WHERE type = 'plan.approved'")
                                            .mapTo(Long.class)
                                            .one())
                            == 1);
        }
    }
}
