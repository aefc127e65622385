package io.skein.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.BrokerRights;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.RoutingKeys;
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
        assertFalse(NODE.mayPublish(Exchange.HEARTBEATS, "node.attic.lan\n"), "the end is the end");
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
        assertTrue("skein.infra.work.default".matches(AGENT.read()));
        assertFalse("skein.infra.work.blue".matches(AGENT.read()), "another team's orders");
        assertFalse("skein.infra.work".matches(AGENT.read()));
        assertFalse("skein.events".matches(AGENT.read()));
        assertTrue(AGENT.mayBind(Exchange.WORK, "cancel.infra.default"));
        assertTrue(AGENT.mayBind(Exchange.WORK, "request.infra.default.#"));
        assertFalse(AGENT.mayBind(Exchange.WORK, "#"));
        assertFalse(AGENT.mayBind(Exchange.WORK, "request.infra.blue.#"));
        assertFalse(AGENT.mayBind(Exchange.WORK, "result.#"));
        assertFalse(AGENT.mayBind(Exchange.EVENTS, "cancel.infra.default"));
        assertFalse("skein.dead.letters".matches(AGENT.write()));
    }

    @Test
    void aServicePublishesWhatItIsAbout() {
        BrokerRights lock = service("lock-service");
        assertTrue(lock.mayPublish(Exchange.EVENTS, "normal.lock.granted"));
        assertTrue(lock.mayPublish(Exchange.EVENTS, "high.message.refused"));
        assertFalse(lock.mayPublish(Exchange.EVENTS, "normal.plan.approved"));
        assertFalse(lock.mayPublish(Exchange.WORK, "request.infra.default"));
        assertTrue(service("orchestrator-service").mayPublish(Exchange.WORK, "request.infra.default"));
        assertTrue(service("orchestrator-service").mayPublish(Exchange.WORK, "cancel.infra.default"));
        assertFalse(service("orchestrator-service").mayPublish(Exchange.WORK, "result.infra.infra-agent-1"));
        assertFalse("skein.audit.events".matches(lock.read()));
        assertFalse("skein.dead".matches(service("dashboard-ui").write()));
        assertFalse("skein.events".matches(lock.configure()));
        assertFalse("amq.gen-x".matches(lock.configure()), "who listens to no broadcast needs no queue of its own");
        assertFalse(
                "skein.infra.work.default"
                        .matches(service("infra-agent-service").read()),
                "that is an agent's");
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
    void onlyWhoKeepsTheDeadLettersReadsThemAndGivesThemBack() {
        BrokerRights runtime = service("runtime-service");
        assertTrue("skein.dead.letters".matches(runtime.read()));
        assertTrue(runtime.mayPublish(Exchange.REPLAY, "skein.audit.events"));
        assertTrue(runtime.mayPublish(Exchange.REPLAY, "skein.infra.work.team.a"));
        assertFalse(runtime.mayPublish(Exchange.REPLAY, "skein.dead.letters"));
        assertFalse(runtime.mayPublish(Exchange.REPLAY, "skein.registry.heartbeats"));
        assertFalse("amq.default".matches(runtime.write()), "which would be a way into every queue");
        for (String name : List.of("orchestrator-service", "lock-service", "audit-service", "registry-service")) {
            assertFalse("skein.dead.letters".matches(service(name).read()));
            assertFalse("skein.replay".matches(service(name).write()));
        }
        assertFalse("skein.replay".matches(AGENT.write()));
        assertTrue(AGENT.mayBind(Exchange.REPLAY, "skein.infra.work.default"));
        assertFalse(AGENT.mayBind(Exchange.REPLAY, "skein.infra.work.blue"));
        assertFalse(AGENT.mayBind(Exchange.REPLAY, "#"));
    }

    @Test
    void whoIsNoServiceOfTheFleetMaySayNothing() {
        BrokerRights stranger = service("some-service");
        assertFalse(stranger.mayPublish(Exchange.WORK, "request.infra.default"));
        assertFalse(stranger.mayPublish(Exchange.EVENTS, "normal.lock.granted"));
        assertFalse("skein.orchestrator.work".matches(stranger.read()));
    }

    @Test
    void noTwoTeamsShareARoutingKey() {
        // Both would be request.infra.a.b if a team's dot counted.
        assertEquals("request.infra.a.b", RoutingKeys.request(RoutingKeys.INFRA, "a", "b"));
        assertEquals("request.infra.a~b", RoutingKeys.request(RoutingKeys.INFRA, "a.b"));
        assertEquals("request.infra.a~b.c.d", RoutingKeys.request(RoutingKeys.INFRA, "a.b", "c.d"));
        BrokerRights dotted = BrokerRights.of(new BrokerIdentity.Agent("a.b", "c"));
        assertTrue(dotted.mayBind(Exchange.WORK, "request.infra.a~b.#"));
        assertFalse(dotted.mayBind(Exchange.WORK, "request.infra.a.#"));
        assertFalse("skein.infra.work.aXb".matches(dotted.read()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a|b", "a~b", ".*)", "a b", ""})
    void aNameThatIsAPatternMakesNoIdentity(String name) {
        assertThrows(IllegalArgumentException.class, () -> new BrokerIdentity.Agent("default", name));
        assertThrows(IllegalArgumentException.class, () -> new BrokerIdentity.Node(name, "attic"));
    }

    private static BrokerRights service(String name) {
        return BrokerRights.of(new BrokerIdentity.Service(name));
    }
}
