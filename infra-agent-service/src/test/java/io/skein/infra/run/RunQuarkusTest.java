package io.skein.infra.run;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.AgentPayload;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.WireFormat;
import io.skein.infra.RepositoryFixture;
import io.skein.infra.catalogue.Catalogue;
import io.skein.platform.persistence.JsonColumn;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work requests through the real broker, run by the real ansible-playbook. */
@QuarkusTest
@QuarkusTestResource(value = SkeinInfrastructure.class, restrictToAnnotatedClass = false)
@QuarkusTestResource(value = RepositoryFixture.class, restrictToAnnotatedClass = false)
class RunQuarkusTest {

    private static final BrokerIdentity ORCHESTRATOR = new BrokerIdentity.Service("orchestrator-service");
    private static final String CANCEL = "cancel.infra.default";
    private static final String INVENTORY = "inventories/homelab/hosts.yml";

    @Inject
    Catalogue catalogue;

    @Inject
    RunService service;

    @Inject
    Jdbi jdbi;

    private final List<AgentMessage> answers = new CopyOnWriteArrayList<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final TestBroker broker = new TestBroker();
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void listen() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        connection = factory.newConnection();
        channel = connection.createChannel();
        await().atMost(20, SECONDS).until(this::topologyIsThere);
        channel.basicConsume(
                Queue.ORCHESTRATOR_WORK.wire(),
                true,
                (tag, delivery) -> answers.add(AgentMessage.fromJson(delivery.getBody())),
                tag -> {});
        String own = channel.queueDeclare().getQueue();
        channel.queueBind(own, Exchange.EVENTS.wire(), "#");
        channel.queueBind(own, Exchange.HEARTBEATS.wire(), "agent.#");
        channel.basicConsume(
                own, true, (tag, delivery) -> events.add(WireFormat.mapper().readTree(delivery.getBody())), tag -> {});
    }

    @AfterEach
    void hangUp() throws IOException {
        broker.close();
        connection.close();
    }

    @Test
    void aPlaybookRunsAndEveryTaskIsReported() throws IOException {
        UUID id = send(work("t/ok.yml", List.of("nas01", "web01"))
                .with("greeting", TextNode.valueOf("{{ lookup('pipe', 'id') }}"))
                .with("template_default", TextNode.valueOf("{{ homelab_root }}/greeting")));
        WorkResult result = result(id);
        assertEquals(WorkResult.Outcome.COMPLETED, result.outcome(), result.reason());
        assertEquals(0, result.exitCode());
        assertNull(result.reason());
        assertEquals(java.util.Set.of("nas01", "web01"), result.hosts().keySet());
        assertEquals(
                List.of("nas01 was greeted", "web01 was greeted"),
                result.notices().stream().sorted().toList());
        assertTrue(result.usage().cpuMillis() > 0 && result.usage().maxRssBytes() > 10_000_000);

        List<WorkStatus> statuses = statuses(id);
        assertEquals(
                LongStream.rangeClosed(1, statuses.size()).boxed().toList(),
                statuses.stream().map(WorkStatus::sequence).toList());
        assertEquals(result.lastSequence(), statuses.getLast().sequence());
        assertEquals(WorkStatus.Phase.ACCEPTED, statuses.get(0).phase());
        assertEquals(WorkStatus.Phase.STARTED, statuses.get(1).phase());
        System.out.printf(
                "run: accepted -> process started %d ms -> first task ended %d ms%n",
                between(statuses.get(0), statuses.get(1)), between(statuses.get(1), statuses.get(2)));
        WorkStatus.TaskResult written = statuses.stream()
                .map(WorkStatus::task)
                .filter(t ->
                        t != null && t.task().equals("Write it") && t.host().equals("web01"))
                .findFirst()
                .orElseThrow();
        assertEquals(WorkStatus.TaskOutcome.CHANGED, written.outcome());
        assertEquals("ansible.builtin.copy", written.action());
        assertEquals(
                "{{ lookup('pipe', 'id') }}", written.diff().get(0).get("after").asText());

        // what was typed is text, also where the playbook uses it as content
        assertEquals(
                "{{ lookup('pipe', 'id') }}",
                Files.readString(RepositoryFixture.target().resolve("greeting-nas01")));
        assertFalse(Files.exists(RepositoryFixture.target().resolve("greeting-pi01")), "limited to the approved hosts");
        await().atMost(20, SECONDS).until(() -> events.stream()
                .anyMatch(e -> e.path("agentId").asText().equals("infra-agent-test")
                        && e.path("slots").asInt() == 2));
    }

    @Test
    void checkModeChangesNothing() {
        UUID id = send(work("reports/motd.yml", List.of("pi01")).checking());
        WorkResult result = result(id);
        assertEquals(WorkResult.Outcome.COMPLETED, result.outcome(), result.reason());
        assertEquals(2, result.hosts().get("pi01").changed());
        assertFalse(Files.exists(RepositoryFixture.target().resolve("pi01/motd")));
    }

    @Test
    void aFailureSaysWhatFailedAndHowToDoBetter() {
        WorkResult result = result(send(work("t/fail.yml", List.of("web01"))));
        assertEquals(WorkResult.Outcome.FAILED, result.outcome());
        assertEquals(2, result.exitCode());
        assertTrue(result.reason().contains("web01: task \"Broken\" failed"), result.reason());
        assertEquals(1, result.hosts().get("web01").failed());
        assertTrue(
                result.suggestions().stream()
                        .anyMatch(s -> s.rule().equals("no-changed-when")
                                && s.category().equals("idempotency")
                                && s.line() > 0),
                () -> result.suggestions().toString());
        assertTrue(result.suggestions().stream().anyMatch(s -> s.category().equals("error_handling")));
    }

    @Test
    void aPersonCanStopIt() throws Exception {
        UUID id = send(work("t/sleep.yml", List.of("web01")));
        await().atMost(60, SECONDS).until(() -> statuses(id).size() >= 3 && sleeping(id));
        publish(CANCEL, id, new WorkCancel(Ids.next(), "wrong host"));
        WorkResult result = result(id);
        assertEquals(WorkResult.Outcome.CANCELLED, result.outcome());
        assertTrue(result.reason().contains("wrong host"), result.reason());
        assertTrue(Leftovers.marked(id).isEmpty(), "no process is left");
        await().atMost(20, SECONDS).until(() -> runFolders().isEmpty());
    }

    /** The broker would refuse both; here its permissions are loosened, so that what the agent itself refuses is seen. */
    @Test
    void onlyTheOrchestratorOrdersAndStops() throws Exception {
        BrokerIdentity lock = new BrokerIdentity.Service("lock-service");
        TestBroker.Speaker liar = broker.as(lock);
        SkeinInfrastructure.loosen(lock.userName());
        UUID id = Ids.next();
        liar.send(CANCEL, AgentMessage.create("orchestrator", "infra", null, id, new WorkCancel(id, "forged")));
        awaitRefusal(lock, "amq.gen-");
        UUID forged = Ids.next();
        WorkRequest order = work("t/ok.yml", List.of("nas01")).request();
        liar.send("request.infra.default", AgentMessage.create("orchestrator", "infra", null, forged, order));
        awaitRefusal(lock, "skein.infra.work.default");

        send(id, work("t/ok.yml", List.of("nas01")).request());
        assertEquals(WorkResult.Outcome.COMPLETED, result(id).outcome(), "the forged order to stop was not kept");
        assertTrue(statuses(forged).isEmpty());
    }

    private void awaitRefusal(BrokerIdentity sender, String queue) {
        await().atMost(20, SECONDS).until(() -> events.stream()
                .anyMatch(e -> e.path("type").asText().equals("message.refused")
                        && e.path("source").asText().equals("/agents/infra-agent-test")
                        && e.path("subject").asText().equals(sender.userName())
                        && e.path("data").path("queue").asText().startsWith(queue)));
    }

    @Test
    void workCancelledBeforeItArrivesNeverRuns() throws Exception {
        UUID id = Ids.next();
        publish(CANCEL, id, new WorkCancel(Ids.next(), "changed my mind"));
        await().atMost(20, SECONDS).until(() -> service.cancellation(id).isPresent());
        send(id, work("t/ok.yml", List.of("nas01")).request());
        WorkResult result = result(id);
        assertEquals(WorkResult.Outcome.CANCELLED, result.outcome());
        assertTrue(statuses(id).isEmpty());
    }

    @Test
    void itsTimeLimitEndsIt() {
        UUID id = send(work("t/sleep.yml", List.of("web01")).within(2));
        WorkResult result = result(id);
        assertEquals(WorkResult.Outcome.FAILED, result.outcome());
        assertTrue(result.reason().contains("2 s"), result.reason());
        assertTrue(Leftovers.marked(id).isEmpty());
    }

    @Test
    void theSameRequestRunsOnceAndIsAnsweredTheSame() {
        UUID id = Ids.next();
        WorkRequest request = work("t/ok.yml", List.of("web01")).request();
        send(id, request);
        send(id, request);
        WorkResult first = result(id);
        int statuses = statuses(id).size();
        send(id, request);
        await().atMost(30, SECONDS).until(() -> payloads(id, WorkResult.class).size() == 2);
        assertEquals(first, payloads(id, WorkResult.class).get(1));
        assertEquals(statuses, statuses(id).size());
    }

    @Test
    void whatWasNotApprovedIsRefused() {
        Map<WorkRequest, String> refused = Map.of(
                work("t/ok.yml", List.of("nas01")).digest("0".repeat(64)).request(), "changed since approval",
                work("t/missing.yml", List.of("nas01")).request(), "no playbook t/missing.yml",
                work("../etc/passwd", List.of("nas01")).request(), "no playbook",
                work("t/broken.yml", List.of("nas01")).request(), "is broken: not valid YAML",
                work("t/ok.yml", List.of("nas01"))
                                .inventory("inventories/nowhere.yml")
                                .request(),
                        "no inventory",
                work("t/ok.yml", List.of("nas01", "all")).request(), "host all is not in the inventory",
                work("t/ok.yml", List.of("!nas01")).request(), "not in the inventory",
                work("t/ok.yml", List.of()).request(), "no hosts",
                work("t/ok.yml", List.of("nas01"))
                                .with("ansible_connection", TextNode.valueOf("ssh"))
                                .request(),
                        "may not be set");
        refused.forEach((request, reason) -> {
            WorkResult result = result(send(request));
            assertEquals(WorkResult.Outcome.REFUSED, result.outcome(), reason);
            assertTrue(result.reason().contains(reason), result.reason());
            assertNull(result.exitCode());
        });
    }

    @Test
    void workOfAnotherTeamIsRefused() {
        WorkRequest own = work("t/ok.yml", List.of("nas01")).request();
        WorkResult result = result(send(new WorkRequest(
                own.workType(),
                own.planId(),
                own.stepId(),
                own.stepNumber(),
                own.playbook(),
                own.contentSha256(),
                own.inventory(),
                own.hosts(),
                own.variables(),
                own.checkMode(),
                own.fencingTokens(),
                own.timeoutSeconds(),
                "green",
                own.requestedBy())));
        assertEquals(WorkResult.Outcome.REFUSED, result.outcome());
        assertTrue(result.reason().contains("another team"), result.reason());
        assertNull(result.exitCode());
    }

    @Test
    void aPlaybookThatChangesAfterApprovalIsRefused() throws IOException {
        Path file = RepositoryFixture.repository().resolve("t/late.yml");
        Files.writeString(file, "- name: Late\n  hosts: all\n  gather_facts: false\n  tasks: []\n");
        WorkRequest approved = work("t/late.yml", List.of("nas01")).request();
        Files.writeString(file, "- name: Late\n  hosts: all\n  gather_facts: true\n  tasks: []\n");
        WorkResult result = result(send(approved));
        assertEquals(WorkResult.Outcome.REFUSED, result.outcome());
        assertTrue(result.reason().contains("changed since approval"), result.reason());
    }

    @Test
    void anOlderLockTokenIsRefused() {
        assertEquals(
                WorkResult.Outcome.COMPLETED,
                result(send(work("t/ok.yml", List.of("nas01")).token("host:nas01", 7)))
                        .outcome());
        WorkResult stale = result(send(work("t/ok.yml", List.of("nas01")).token("host:nas01", 6)));
        assertEquals(WorkResult.Outcome.REFUSED, stale.outcome());
        assertTrue(stale.reason().contains("host:nas01"), stale.reason());
        assertEquals(WorkResult.STALE_FENCING_TOKEN, stale.code());
        await().atMost(30, SECONDS).until(() -> events.stream()
                .anyMatch(e -> e.path("type").asText().equals("fencing.refused")
                        && e.path("subject").asText().equals("host:nas01")
                        && e.path("owner").asText().equals("ada")));
        assertEquals(
                WorkResult.Outcome.COMPLETED,
                result(send(work("t/ok.yml", List.of("nas01")).token("host:nas01", 7)))
                        .outcome());
    }

    @Test
    void withoutTheCheckTheOlderTokenWouldPass() throws Exception {
        assertEquals(
                WorkResult.Outcome.COMPLETED,
                result(send(work("t/ok.yml", List.of("nas01")).token("host:planted", 7)))
                        .outcome());
        String plant;
        try (InputStream file = RunQuarkusTest.class.getResourceAsStream("/planted/no-fencing-check.sql")) {
            plant = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        try (java.sql.Connection database = SkeinInfrastructure.connect("infra");
                Statement statement = database.createStatement()) {
            statement.execute(plant);
            try {
                assertEquals(
                        WorkResult.Outcome.COMPLETED,
                        result(send(work("t/ok.yml", List.of("nas01")).token("host:planted", 6)))
                                .outcome(),
                        "the planted bug was not seen");
            } finally {
                statement.execute("DROP TRIGGER planted ON fencing_token");
            }
        }
    }

    /** The first holder lost its lock while its playbook runs; the next holder's work comes with a newer token. */
    @Test
    void workWithANewerTokenWaitsForTheEndOfTheOlder() throws Exception {
        UUID older = send(work("t/sleep.yml", List.of("web01")).token("host:together", 10));
        await().atMost(60, SECONDS).until(() -> sleeping(older));
        UUID newer = send(work("t/ok.yml", List.of("web01")).token("host:together", 11));
        // What came later for another host does not wait, so the agent has looked at both.
        assertEquals(
                WorkResult.Outcome.COMPLETED,
                result(send(work("t/ok.yml", List.of("nas01")))).outcome());
        assertTrue(sleeping(older));
        assertFalse(started(newer), "two work on one host");

        publish(CANCEL, older, new WorkCancel(Ids.next(), "lost its lock"));
        Instant end = result(older).finishedAt();
        assertEquals(WorkResult.Outcome.COMPLETED, result(newer).outcome());
        assertFalse(statuses(newer).get(1).at().isBefore(end));
    }

    @Test
    void withoutTheWaitingTwoWouldWorkOnOneHost() throws Exception {
        UUID older = send(work("t/sleep.yml", List.of("web01")).token("host:apart", 10));
        await().atMost(60, SECONDS).until(() -> sleeping(older));
        try (java.sql.Connection database = SkeinInfrastructure.connect("infra");
                Statement statement = database.createStatement();
                java.sql.ResultSet row =
                        statement.executeQuery("SELECT pg_get_functiondef(CAST('must_wait' AS regproc))")) {
            row.next();
            String right = row.getString(1);
            try (Statement plant = database.createStatement()) {
                plant.execute(
                        "CREATE OR REPLACE FUNCTION must_wait(candidate run) RETURNS boolean LANGUAGE sql AS 'SELECT false'");
                try {
                    UUID newer = send(work("t/ok.yml", List.of("web01")).token("host:apart", 11));
                    assertEquals(WorkResult.Outcome.COMPLETED, result(newer).outcome());
                    assertTrue(sleeping(older), "the planted bug was not seen");
                } finally {
                    plant.execute(right);
                }
            }
        } finally {
            publish(CANCEL, older, new WorkCancel(Ids.next(), "enough"));
        }
        assertEquals(WorkResult.Outcome.CANCELLED, result(older).outcome());
    }

    private boolean started(UUID id) {
        return statuses(id).stream().anyMatch(status -> status.phase() == WorkStatus.Phase.STARTED);
    }

    @Test
    void otherKindsOfWorkAreAnsweredWithAnError() {
        UUID id = send(work("t/ok.yml", List.of("nas01")).type("terraform.apply"));
        await().atMost(30, SECONDS).until(() -> !payloads(id, AgentError.class).isEmpty());
        assertEquals(
                AgentError.Code.UNSUPPORTED_WORK_TYPE,
                payloads(id, AgentError.class).getFirst().code());
        UUID late = send(work("t/ok.yml", List.of("nas01")).within(0));
        await().atMost(30, SECONDS)
                .until(() -> !payloads(late, AgentError.class).isEmpty());
        assertEquals(
                AgentError.Code.INVALID_MESSAGE,
                payloads(late, AgentError.class).getFirst().code());
    }

    @Test
    void secretsNeverLeaveTheAgent() {
        UUID id = send(work("t/secret.yml", List.of("web01"))
                .with("db_password", TextNode.valueOf("s3cr\"et-pass"))
                .with("pin", WireFormat.mapper().createObjectNode().put("code", 998877))
                .with("text", TextNode.valueOf("visible")));
        WorkResult result = result(id);
        assertEquals(WorkResult.Outcome.COMPLETED, result.outcome(), result.reason());
        List<WorkStatus.TaskResult> tasks = statuses(id).stream()
                .map(WorkStatus::task)
                .filter(java.util.Objects::nonNull)
                .toList();
        assertEquals(
                "password [redacted] pin [redacted] free visible", tasks.get(0).message());
        assertEquals("censored", tasks.get(1).message());
        assertEquals(
                "password=[redacted]\ntext=visible\n",
                tasks.get(2).diff().get(0).get("after").asText());
        String everything = answers.stream()
                .map(a -> new String(a.toJson(), java.nio.charset.StandardCharsets.UTF_8))
                .toList()
                .toString();
        assertFalse(everything.contains("s3cr") || everything.contains("998877"));
        String kept = jdbi.withHandle(h -> h.createQuery("SELECT request::text FROM run WHERE request_id = ?")
                .bind(0, id)
                .mapTo(String.class)
                .one());
        assertFalse(kept.contains("s3cr") || kept.contains("998877"), kept);
    }

    @Test
    void whatRanWhenTheAgentDiedIsInterruptedAndNeverRunAgain() throws Exception {
        UUID id = Ids.next();
        WorkRequest request = work("t/sleep.yml", List.of("web01")).request();
        UUID earlier = UUID.randomUUID();
        ProcessBuilder leftover = new ProcessBuilder("sleep", "4711");
        leftover.environment().put("SKEIN_RUN_ID", id.toString());
        Process process = leftover.start();
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO run (request_id, state, from_agent, to_agent, request, received_at, agent_id, instance_id,"
                        + " lease_until, started_at, last_sequence) VALUES (?, 'running', 'orchestrator', 'infra', ?, now(),"
                        + " 'infra-agent-test', ?, now() + interval '90 s', now(), 3)",
                id,
                JsonColumn.jsonb(request),
                earlier));
        service.interruptAbandoned(List.of());
        assertTrue(process.isAlive(), "an instance that may live keeps its lease");
        service.interruptAbandoned(List.of(UUID.randomUUID(), earlier));
        WorkResult result = result(id);
        assertEquals(WorkResult.Outcome.INTERRUPTED, result.outcome());
        assertEquals(3, result.lastSequence());
        assertTrue(process.waitFor(5, SECONDS), "the leftover process is killed");
        assertTrue(statuses(id).isEmpty());

        UUID foreign = Ids.next();
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO run (request_id, state, from_agent, to_agent, request, received_at, agent_id, instance_id,"
                        + " lease_until, last_sequence) VALUES (?, 'running', 'orchestrator', 'infra', ?, now(),"
                        + " 'another-agent', ?, now() + interval '2 s', 0)",
                foreign,
                JsonColumn.jsonb(request),
                UUID.randomUUID()));
        service.interruptAbandoned(List.of());
        assertTrue(payloads(foreign, WorkResult.class).isEmpty(), "its lease still runs");
        assertEquals(WorkResult.Outcome.INTERRUPTED, result(foreign).outcome());
    }

    @Test
    void aRunThatWasDeclaredInterruptedElsewhereIsEndedSilently() {
        UUID id = send(work("t/sleep.yml", List.of("web01")));
        await().atMost(60, SECONDS).until(() -> sleeping(id));
        jdbi.useHandle(h -> h.execute(
                "UPDATE run SET instance_id = ?, lease_until = now() WHERE request_id = ?", UUID.randomUUID(), id));
        WorkResult result = result(id);
        assertEquals(WorkResult.Outcome.INTERRUPTED, result.outcome());
        await().atMost(20, SECONDS).until(() -> Leftovers.marked(id).isEmpty());
        assertEquals(1, payloads(id, WorkResult.class).size());
    }

    // -- the orchestrator's side ----------------------------------------------------------------------------------

    private final class Work {
        private String type = WorkRequest.ANSIBLE_PLAYBOOK;
        private final String playbook;
        private final List<String> hosts;
        private String digest;
        private String inventory = INVENTORY;
        private boolean check;
        private long seconds = 60;
        private final Map<String, JsonNode> variables = new java.util.HashMap<>();
        private final Map<String, Long> tokens = new java.util.HashMap<>();

        Work(String playbook, List<String> hosts) {
            this.playbook = playbook;
            this.hosts = hosts;
            this.digest =
                    catalogue.readNow(playbook).map(p -> p.contentSha256()).orElse("none");
        }

        Work with(String name, JsonNode value) {
            variables.put(name, value);
            return this;
        }

        Work checking() {
            check = true;
            return this;
        }

        Work digest(String value) {
            digest = value;
            return this;
        }

        Work inventory(String value) {
            inventory = value;
            return this;
        }

        Work within(long limit) {
            seconds = limit;
            return this;
        }

        Work token(String resource, long token) {
            tokens.put(resource, token);
            return this;
        }

        Work type(String value) {
            type = value;
            return this;
        }

        WorkRequest request() {
            return new WorkRequest(
                    type,
                    Ids.next(),
                    Ids.next(),
                    1,
                    playbook,
                    digest,
                    inventory,
                    hosts,
                    variables,
                    check,
                    tokens,
                    seconds,
                    "default",
                    "ada");
        }
    }

    private Work work(String playbook, List<String> hosts) {
        return new Work(playbook, hosts);
    }

    private UUID send(Work work) {
        return send(work.request());
    }

    private UUID send(WorkRequest request) {
        UUID id = Ids.next();
        send(id, request);
        return id;
    }

    private void send(UUID id, WorkRequest request) {
        publish("request.infra.default", id, request);
    }

    private void publish(String key, UUID requestId, AgentPayload payload) {
        AgentMessage message = AgentMessage.create("orchestrator", "infra", null, requestId, payload);
        try {
            broker.as(ORCHESTRATOR).send(key, message);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private WorkResult result(UUID id) {
        await().atMost(90, SECONDS).until(() -> !payloads(id, WorkResult.class).isEmpty());
        WorkResult result = payloads(id, WorkResult.class).getFirst();
        assertNotNull(result.finishedAt());
        return result;
    }

    private static long between(WorkStatus from, WorkStatus to) {
        return java.time.Duration.between(from.at(), to.at()).toMillis();
    }

    private List<WorkStatus> statuses(UUID id) {
        return payloads(id, WorkStatus.class);
    }

    private <T> List<T> payloads(UUID id, Class<T> type) {
        return answers.stream()
                .filter(a -> a.requestId().equals(id))
                .map(AgentMessage::payload)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private boolean sleeping(UUID id) {
        return Leftovers.marked(id).stream()
                .anyMatch(p -> p.info().commandLine().orElse("").contains("sleep 4711"));
    }

    private List<Path> runFolders() throws IOException {
        Path runs = RepositoryFixture.target().resolveSibling("work").resolve("runs");
        try (Stream<Path> files = Files.exists(runs) ? Files.list(runs) : Stream.empty()) {
            return new ArrayList<>(files.toList());
        }
    }

    private boolean topologyIsThere() {
        try (Channel probe = connection.createChannel()) {
            probe.queueDeclarePassive(Queue.INFRA_WORK.of("default"));
            probe.exchangeDeclarePassive(Exchange.HEARTBEATS.wire());
            return true;
        } catch (Exception e) {
            return false;
        }
    }
}
