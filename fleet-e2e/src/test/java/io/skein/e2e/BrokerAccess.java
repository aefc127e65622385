package io.skein.e2e;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.skein.contracts.Ids;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.Properties;

/** The broker of the running fleet, reached with the real credentials of its members. */
final class BrokerAccess {

    static final String ADMIN = "skein_admin";
    private static final int FINE = 200;

    private final Properties ports;
    private final Properties secrets;

    BrokerAccess(Fleet fleet) {
        ports = fleet.ports();
        secrets = fleet.secrets();
    }

    /** The desktop agent of this machine. */
    String desktopAgent() {
        return secrets.stringPropertyNames().stream()
                .filter(key -> key.startsWith("rabbitmq.user.node~"))
                .map(key -> key.substring("rabbitmq.user.".length(), key.length() - ".password".length()))
                .findFirst()
                .orElseThrow();
    }

    Connection as(String user) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(Integer.parseInt(ports.getProperty("rabbitmq")));
        factory.setVirtualHost("skein");
        factory.setUsername(user);
        factory.setPassword(secrets.getProperty("rabbitmq.user." + user + ".password"));
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("abuse");
    }

    /** What somebody with these credentials tries. */
    interface Attempt {
        void with(Channel channel) throws Exception;
    }

    /** The code the broker closed the channel with; empty when it let it happen. */
    OptionalInt refusal(String user, Attempt attempt) throws Exception {
        try (Connection connection = as(user)) {
            Channel channel = connection.createChannel();
            try {
                attempt.with(channel);
                return OptionalInt.empty();
            } catch (IOException | ShutdownSignalException e) {
                Throwable cause = e;
                while (cause != null && !(cause instanceof ShutdownSignalException)) {
                    cause = cause.getCause();
                }
                if (cause instanceof ShutdownSignalException signal
                        && signal.getReason() instanceof AMQP.Channel.Close close) {
                    return OptionalInt.of(close.getReplyCode());
                }
                throw e;
            }
        }
    }

    /** Sends as {@code user}, truthfully so named, and waits for the broker's confirm. */
    static Attempt publishing(String user, String exchange, String key, byte[] body) {
        return channel -> {
            channel.confirmSelect();
            channel.basicPublish(
                    exchange,
                    key,
                    new AMQP.BasicProperties.Builder()
                            .messageId(Ids.next().toString())
                            .userId(user)
                            .deliveryMode(2)
                            .build(),
                    body);
            channel.waitForConfirmsOrDie(10_000);
        };
    }

    /** Takes away what keeps a user to its own: an administrator's mistake. {@code ./skein up} puts it right again. */
    void loosen(String user) throws Exception {
        manage("PUT", "/api/permissions/skein/" + user, "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
        manage("DELETE", "/api/topic-permissions/skein/" + user, "");
    }

    private void manage(String method, String path, String body) throws Exception {
        String credentials = ADMIN + ":" + secrets.getProperty("rabbitmq.user." + ADMIN + ".password");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + ports.getProperty("rabbitmq.management") + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status >= FINE + 100) {
                throw new IllegalStateException(method + " " + path + " answered " + status);
            }
        }
    }
}
