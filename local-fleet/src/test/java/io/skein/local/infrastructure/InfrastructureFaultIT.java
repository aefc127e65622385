package io.skein.local.infrastructure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.local.Console;
import io.skein.local.FleetHome;
import io.skein.local.process.Daemon;
import io.skein.local.process.Pause;
import io.skein.local.process.ProcessTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real three servers, killed with -9: what they had acknowledged is there when they are back, on the same ports. */
class InfrastructureFaultIT {
    private static final BrokerIdentity LOCK = new BrokerIdentity.Service("lock-service");
    private static final BrokerIdentity AUDIT = new BrokerIdentity.Service("audit-service");
    private static final long QUEUE_SETTLES_MILLIS = 6_000;

    @TempDir
    Path folder;

    @Test
    void nothingAcknowledgedIsLostWhenEverythingIsKilled() throws Exception {
        Path repository = repository();
        FleetHome home = new FleetHome(repository, repository.resolve(".skein"), folder);
        FleetHome.Profile profile = home.profile("fault");
        Infrastructure infrastructure = new Infrastructure(home, profile, ExternalServers.NONE, List.of(LOCK, AUDIT));
        Console console = new Console(System.out, false);
        ProcessTable processes = new ProcessTable(profile.run());
        try {
            infrastructure.up(console);
            infrastructure.postgresAdmin().provision("skein", "locks", "skein_locks", "secret");
            write(infrastructure);
            Map<String, String> before = infrastructure.description().all();

            for (Daemon daemon : processes.running()) {
                ProcessHandle.of(daemon.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
            assertFalse(infrastructure.isReady());
            infrastructure.up(console);

            assertEquals(before, infrastructure.description().all(), "addresses somebody noted changed");
            assertEquals("kept", read(infrastructure));
        } finally {
            infrastructure.down(console);
        }
        assertEquals(List.of(), processes.running());
    }

    private static void write(Infrastructure infrastructure) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        infrastructure.postgresAdmin().databaseUrl("skein"), "skein_locks", "secret");
                Statement statement = connection.createStatement()) {
            statement.execute("create table note (text text)");
            statement.execute("insert into note values ('kept')");
        }
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(infrastructure.rabbitUri(LOCK));
        try (com.rabbitmq.client.Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            // RabbitMQ writes down that a quorum queue exists some seconds after it said so; its messages it syncs at
            // once.
            Pause.millis(QUEUE_SETTLES_MILLIS);
            channel.confirmSelect();
            channel.basicPublish(
                    Exchange.EVENTS.wire(),
                    "normal.lock.granted",
                    MessageProperties.PERSISTENT_BASIC,
                    "kept".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10_000);
        }
    }

    private static String read(Infrastructure infrastructure) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(infrastructure.rabbitUri(AUDIT));
        String message;
        try (com.rabbitmq.client.Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            message =
                    new String(channel.basicGet(Queue.AUDIT_EVENTS.wire(), true).getBody(), StandardCharsets.UTF_8);
        }
        try (Connection connection = DriverManager.getConnection(
                        infrastructure.postgresAdmin().databaseUrl("skein"), "skein_locks", "secret");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select text from note")) {
            assertTrue(rows.next());
            assertEquals(message, rows.getString(1));
        }
        return message;
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("skein"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
