package io.skein.platform.messaging;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.topology.BrokerIdentity;
import io.skein.platform.messaging.MessagingConfig.SenderChecking;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUserTest {

    private static final BrokerIdentity LOCK = new BrokerIdentity.Service("lock-service");
    private static final BrokerIdentity AGENT = new BrokerIdentity.Agent("blue", "infra-agent-2");

    @ParameterizedTest
    @ValueSource(strings = {"agent~blue~infra-agent-2", "agent%7Eblue%7Einfra-agent-2", "agent%7eblue~infra%2Dagent-2"})
    void aTildeMayBeEscapedOrNot(String user) {
        BrokerUser broker = user("amqp://" + user + ":p%40ss@broker:5672/skein", SenderChecking.REQUIRED, AGENT);
        assertEquals(Optional.of(AGENT), broker.identity());
        assertDoesNotThrow(() -> broker.check(null));
    }

    @Test
    void whoeverWouldNotBeBelievedDoesNotStart() {
        for (String user :
                new String[] {"agent~blue~infra-agent-1", "agent~red~infra-agent-2", "skein", "lock-service"}) {
            BrokerUser broker = user("amqps://" + user + ":hunter2@broker/skein", SenderChecking.REQUIRED, AGENT);
            String message = assertThrows(IllegalStateException.class, () -> broker.check(null))
                    .getMessage();
            assertTrue(message.contains("\"" + user + "\""), message);
            assertTrue(message.contains("\"agent~blue~infra-agent-2\" by THE_SETTING"), message);
            assertFalse(message.contains("hunter2"), message);
        }
        BrokerUser guest = user("amqp://broker/skein", SenderChecking.REQUIRED, LOCK);
        assertTrue(assertThrows(IllegalStateException.class, () -> guest.check(null))
                .getMessage()
                .contains("\"guest\""));
    }

    @Test
    void whereAllShareOneUserNobodyIsTurnedAway() {
        assertDoesNotThrow(() ->
                user("amqp://skein:p@broker/skein", SenderChecking.OFF, LOCK).check(null));
    }

    @Test
    void anUnusableAddressIsExplainedWithoutItsPassword() {
        for (String uri : new String[] {"http://u:hunter2@broker/skein", "amqp://u:hunter2@bro ker/skein"}) {
            String message = assertThrows(IllegalStateException.class, () -> user(uri, SenderChecking.REQUIRED, LOCK)
                            .check(null))
                    .getMessage();
            assertTrue(message.contains("SKEIN_RABBITMQ_URI"), message);
            assertFalse(message.contains("hunter2"), message);
        }
    }

    private static BrokerUser user(String uri, SenderChecking checking, BrokerIdentity self) {
        BrokerUser user = new BrokerUser();
        user.uri = uri;
        user.messaging = () -> checking;
        user.self = new Self() {
            @Override
            public BrokerIdentity identity() {
                return self;
            }

            @Override
            public String settings() {
                return "THE_SETTING";
            }
        };
        return user;
    }
}
