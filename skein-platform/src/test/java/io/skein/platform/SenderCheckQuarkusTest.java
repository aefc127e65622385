package io.skein.platform;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.messaging.Outbox;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the broker's permissions keep out, and what the consumer keeps out where the broker lets it in. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class SenderCheckQuarkusTest {

    private static final BrokerIdentity LOCK = new BrokerIdentity.Service("lock-service");

    @Inject
    Jdbi jdbi;

    @Inject
    Outbox outbox;

    private final TestBroker broker = new TestBroker();
    private final List<SkeinEvent> refusals = new CopyOnWriteArrayList<>();
    private String administrator;
    private Connection listening;
    private Channel channel;

    @BeforeEach
    void listen() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        administrator = factory.getUsername();
        listening = factory.newConnection();
        channel = listening.createChannel();
        String own = channel.queueDeclare().getQueue();
        channel.queueBind(own, Exchange.EVENTS.wire(), "*.message.refused");
        channel.basicConsume(
                own,
                true,
                (tag, delivery) -> refusals.add(WireFormat.read(delivery.getBody(), SkeinEvent.class)),
                tag -> {});
        channel.queuePurge(Queue.DEAD_LETTERS.wire());
    }

    @AfterEach
    void hangUp() throws Exception {
        broker.close();
        listening.close();
    }

    @Test
    void theBrokerRefusesAForeignKeyAForeignNameAndAnotherQueue() throws Exception {
        SkeinEvent forged = TestBroker.event("plan.approved").build();
        TestBroker.Speaker lock = broker.as(new BrokerIdentity.Service("lock-service"));
        refusedByTheBroker(() -> lock.send(forged));

        Channel other = lock.connection().createChannel();
        other.confirmSelect();
        AMQP.BasicProperties lie = new AMQP.BasicProperties.Builder()
                .messageId(Ids.next().toString())
                .userId("orchestrator-service")
                .build();
        refusedByTheBroker(() -> {
            other.basicPublish(Exchange.EVENTS.wire(), "normal.lock.granted", lie, new byte[0]);
            other.waitForConfirmsOrDie(5000);
        });
        for (Queue queue : Queue.values()) {
            refusedByTheBroker(() -> lock.connection().createChannel().basicGet(queue.of("default"), true));
        }
        refusedByTheBroker(() -> lock.connection().createChannel().queueDeclare());
        refusedByTheBroker(() -> lock.connection().createChannel().queueDelete(Queue.AUDIT_EVENTS.wire()));
        assertTrue(refusals.isEmpty());
    }

    @Test
    void whatTheBrokerLetsThroughTheConsumerRefusesAndRecords() throws Exception {
        TestBroker.Speaker lock = broker.as(LOCK);
        SkeinInfrastructure.loosen(LOCK.userName());

        lock.send(TestBroker.event("plan.approved").build());
        refused(1, LOCK.userName(), "routing_key", "default");

        SkeinEvent approved = TestBroker.event("plan.approved").build();
        lock.send(Exchange.EVENTS, "normal.lock.granted", Ids.next(), WireFormat.write(approved));
        refused(2, LOCK.userName(), "other_message", "default");

        lock.send(SkeinEvent.of("lock.granted").source("/orchestrator-service").build());
        assertEquals(
                "/orchestrator-service",
                refused(3, LOCK.userName(), "source", "default")
                        .data()
                        .path("claimed")
                        .asText());

        BrokerIdentity.Agent agent = new BrokerIdentity.Agent("blue", "infra-agent-7");
        TestBroker.Speaker blue = broker.as(agent);
        SkeinEvent.Builder found = SkeinEvent.of("playbook.discovered").source(agent.source());
        blue.send(found.team("red").build());
        refused(4, agent.userName(), "team", "blue");
        blue.send(found.team("blue").actor("ada").build());
        refused(5, agent.userName(), "actor", "blue");

        blue.send(found.actor("agent:infra-agent-7").build());
        await().atMost(20, SECONDS).until(() -> noted("playbook.discovered") == 1);
        lock.send(TestBroker.event("lock.granted").build());
        await().atMost(20, SECONDS).until(() -> noted("lock.granted") == 1);

        assertEquals(0, noted("plan.approved"), "nothing that was refused was handled");
        assertEquals(1, noted("playbook.discovered"));
        assertEquals(5, deadLetters());
        given().get("/q/metrics").then().body(containsString("skein_messages_refused_total{"));
    }

    @Test
    void whoIsNobodyIsNotBelieved() throws Exception {
        channel.confirmSelect();
        SkeinEvent event = TestBroker.event("planted.by.nobody").build();
        publish(event, null);
        refused(1, "nobody", "no_sender", "default");
        publish(event, administrator);
        refused(2, administrator, "unknown_sender", "default");
        assertEquals(0, noted("planted.by.nobody"));
    }

    @Test
    void aLoopOfRefusedMessagesDoesNotFloodTheTrail() throws Exception {
        BrokerIdentity loop = new BrokerIdentity.Service("audit-service");
        TestBroker.Speaker speaker = broker.as(loop);
        SkeinInfrastructure.loosen(loop.userName());
        for (int i = 0; i < 100; i++) {
            speaker.hand(
                    Exchange.EVENTS,
                    "normal.plan.approved",
                    Ids.next(),
                    WireFormat.write(TestBroker.event("plan.approved").build()));
        }
        speaker.confirm();
        speaker.send(TestBroker.event("audit.task.committed").build());
        await().atMost(20, SECONDS).until(() -> noted("audit.task.committed") == 1);
        await().atMost(20, SECONDS).until(() -> deadLetters() == 100);
        assertEquals(
                10,
                refusals.stream()
                        .filter(event -> loop.userName().equals(event.subject()))
                        .count());
    }

    @Test
    void anEventThatIsNotOursToPublishIsNotWritten() {
        SkeinEvent foreign = TestBroker.event("plan.approved").build();
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> jdbi.useTransaction(tx -> outbox.event(tx, foreign)));
        assertTrue(e.getMessage().contains("runtime-service may not publish normal.plan.approved"), e.getMessage());
    }

    private void publish(SkeinEvent event, String user) throws Exception {
        channel.basicPublish(
                Exchange.EVENTS.wire(),
                event.routingKey(),
                new AMQP.BasicProperties.Builder()
                        .messageId(event.id().toString())
                        .userId(user)
                        .build(),
                WireFormat.write(event));
        channel.waitForConfirmsOrDie(5000);
    }

    private SkeinEvent refused(int number, String sender, String reason, String team) {
        await().atMost(20, SECONDS).until(() -> refusals.size() >= number);
        SkeinEvent event = refusals.get(number - 1);
        assertEquals(sender, event.subject());
        assertEquals(reason, event.data().path("reason").asText());
        assertEquals(team, event.team());
        assertEquals(Queue.RUNTIME_NORMAL.wire(), event.data().path("queue").asText());
        return event;
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void refusedByTheBroker(Attempt attempt) {
        Exception e = assertThrows(Exception.class, attempt::run);
        Throwable signal = e;
        while (signal != null && !(signal instanceof ShutdownSignalException)) {
            signal = signal.getCause();
        }
        assertTrue(
                signal instanceof ShutdownSignalException refused
                        && refused.getReason() instanceof AMQP.Channel.Close close
                        && (close.getReplyCode() == AMQP.ACCESS_REFUSED
                                || close.getReplyCode() == AMQP.PRECONDITION_FAILED),
                () -> "not refused: " + e);
        assertTrue(!(e instanceof AlreadyClosedException), "the attempt itself must be what is refused");
    }

    private long deadLetters() throws IOException {
        return channel.messageCount(Queue.DEAD_LETTERS.wire());
    }

    private long noted(String type) {
        return jdbi.withHandle(h -> h.createQuery("SELECT count(*) FROM noted WHERE type = ?")
                .bind(0, type)
                .mapTo(Long.class)
                .one());
    }
}
