package io.skein.frontdoor;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.skein.contracts.topology.Queue;
import io.skein.test.SkeinInfrastructure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** What the audit service would read. */
public final class Trail {

    private Trail() {}

    /** Every event sent since the last time, one a line. */
    public static String read(Jdbi jdbi) throws Exception {
        return events(jdbi, "").stream().map(event -> event + "\n").collect(Collectors.joining());
    }

    /** Those of one type since the last time; what else was sent is forgotten. */
    public static List<String> events(Jdbi jdbi, String type) throws Exception {
        await().atMost(10, SECONDS)
                .until(() -> jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM outbox")
                                .mapTo(Long.class)
                                .one())
                        == 0);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        List<String> events = new ArrayList<>();
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            GetResponse message;
            while ((message = channel.basicGet(Queue.AUDIT_EVENTS.wire(), true)) != null) {
                if (type.isEmpty() || message.getEnvelope().getRoutingKey().endsWith("." + type)) {
                    events.add(new String(message.getBody(), StandardCharsets.UTF_8));
                }
            }
        }
        return events;
    }
}
