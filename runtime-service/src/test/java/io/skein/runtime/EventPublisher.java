package io.skein.runtime;

import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.TestBroker;
import java.util.HashSet;
import java.util.Set;

/** Publishes like the other services do, each as itself. */
public final class EventPublisher implements AutoCloseable {

    private final TestBroker broker = new TestBroker();
    private final Set<TestBroker.Speaker> unconfirmed = new HashSet<>();

    /** Hands it to the broker; {@link #confirm} waits. */
    public void hand(SkeinEvent event) throws Exception {
        TestBroker.Speaker speaker =
                broker.as(new BrokerIdentity.Service(event.source().substring(1)));
        speaker.hand(Exchange.EVENTS, event.routingKey(), event.id(), WireFormat.write(event));
        unconfirmed.add(speaker);
    }

    public void confirm() throws Exception {
        for (TestBroker.Speaker speaker : unconfirmed) {
            speaker.confirm();
        }
        unconfirmed.clear();
    }

    public void send(SkeinEvent event) throws Exception {
        hand(event);
        confirm();
    }

    @Override
    public void close() {
        broker.close();
    }
}
