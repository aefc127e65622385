package io.skein.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.BrokerRights;
import io.skein.contracts.topology.Exchange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerRightsTest {

    private static final BrokerRights NODE = BrokerRights.of(new BrokerIdentity.Node("default", "attic.lan"));
    private static final BrokerRights AGENT = BrokerRights.of(new BrokerIdentity.Agent("default", "infra-agent-1"));

    @Test
    void aNameIsReadBackAsWhoItWasMadeFor() {
        for (BrokerIdentity identity : List.of(
                new BrokerIdentity.Service("lock-service"),
                new BrokerIdentity.Service("dashboard-ui"),
                new BrokerIdentity.Node("team.a", "attic.lan"),
                new BrokerIdentity.Agent("default", "infra-agent-1"))) {
            assertEquals(Optional.of(identity), BrokerIdentity.parse(identity.userName()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "root",
                "guest",
                "node~default",
                "node~~x",
                "node~a~b~c",
                "Lock-Service",
                "agent~a b~c",
                "node~a~b\n"
            })
    void otherNamesAreNobody(String name) {
        assertEquals(Optional.empty(), BrokerIdentity.parse(name));
    }

    @Test
    void aMachineSpeaksForItselfOnly() {
        assertTrue(NODE.mayPublish(Exchange.HEARTBEATS, "node.attic.lan"));
        assertFalse(NODE.mayPublish(Exchange.HEARTBEATS, "node.atticXlan"), "a dot is a dot");
        assertFalse(NODE.mayPublish(Exchange.HEARTBEATS, "node.attic.lan.other"));
        assertFalse(NODE.mayPublish(Exchange.HEARTBEATS, "agent.attic.lan"));
        assertFalse(NODE.mayPublish(Exchange.EVENTS, "critical.device.offline"));
        assertFalse(NODE.mayPublish(Exchange.WORK, "result.infra.attic.lan"));
        assertFalse("skein.registry.heartbeats".matches(NODE.read()));
    }

    @Test
    void anAgentAnswersForItselfAndOrdersNothing() {
        assertTrue(AGENT.mayPublish(Exchange.WORK, "result.infra.infra-agent-1"));
        assertTrue(AGENT.mayPublish(Exchange.HEARTBEATS, "agent.infra-agent-1"));
        assertTrue(AGENT.mayPublish(Exchange.EVENTS, "normal.playbook.changed"));
        assertFalse(AGENT.mayPublish(Exchange.WORK, "result.infra.infra-agent-10"));
        assertFalse(AGENT.mayPublish(Exchange.WORK, "result.infra.infra-agent-2"));
        assertFalse(AGENT.mayPublish(Exchange.WORK, "request.infra.infra-agent-1"));
        assertFalse(AGENT.mayPublish(Exchange.EVENTS, "normal.plan.approved"));
        assertFalse("skein.audit.events".matches(AGENT.read()));
        assertTrue("skein.infra.work".matches(AGENT.read()));
    }

    @Test
    void aServicePublishesWhatItIsAbout() {
        BrokerRights lock = service("lock-service");
        assertTrue(lock.mayPublish(Exchange.EVENTS, "normal.lock.granted"));
        assertTrue(lock.mayPublish(Exchange.EVENTS, "high.message.refused"));
        assertFalse(lock.mayPublish(Exchange.EVENTS, "normal.plan.approved"));
        assertFalse(lock.mayPublish(Exchange.WORK, "request.infra"));
        assertTrue(service("orchestrator-service").mayPublish(Exchange.WORK, "request.infra"));
        assertTrue(service("orchestrator-service").mayPublish(Exchange.WORK, "cancel.infra"));
        assertFalse(service("orchestrator-service").mayPublish(Exchange.WORK, "result.infra.infra-agent-1"));
        assertFalse("skein.audit.events".matches(lock.read()));
        assertFalse("skein.dead".matches(service("dashboard-ui").write()));
        assertFalse("skein.events".matches(lock.configure()));
    }

    @Test
    void theRuntimeServicePublishesPeoplesEventsButNoneOfTheFleets() {
        BrokerRights runtime = service("runtime-service");
        assertTrue(runtime.mayPublish(Exchange.EVENTS, "low.build.deployed"));
        assertTrue(runtime.mayPublish(Exchange.EVENTS, "normal.planning.done"));
        assertFalse(runtime.mayPublish(Exchange.EVENTS, "critical.plan.approved"));
        assertFalse(runtime.mayPublish(Exchange.EVENTS, "critical.auth.user.created"));
    }

    @Test
    void whoIsNoServiceOfTheFleetMaySayNothing() {
        BrokerRights stranger = service("some-service");
        assertFalse(stranger.mayPublish(Exchange.WORK, "request.infra"));
        assertFalse(stranger.mayPublish(Exchange.EVENTS, "normal.lock.granted"));
        assertFalse("skein.orchestrator.work".matches(stranger.read()));
    }

    private static BrokerRights service(String name) {
        return BrokerRights.of(new BrokerIdentity.Service(name));
    }
}
