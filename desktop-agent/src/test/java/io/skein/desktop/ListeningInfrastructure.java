package io.skein.desktop;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.skein.contracts.topology.Exchange;
import io.skein.test.SkeinInfrastructure;
import java.util.Map;

/** A queue that is there before the agent starts, so that the test sees the very first heartbeat. */
public class ListeningInfrastructure extends SkeinInfrastructure {

    static final String QUEUE = "heard";

    @Override
    public Map<String, String> start() {
        Map<String, String> config = super.start();
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, true, false, false, null);
            channel.queueBind(QUEUE, Exchange.HEARTBEATS.wire(), "node.test-node");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return config;
    }

    static Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(currentRabbitUri());
        return factory.newConnection();
    }
}
