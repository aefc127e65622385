package io.skein.orchestrator.fleet;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.skein.contracts.Ids;
import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.AgentPayload;
import io.skein.contracts.agent.Chunks;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.agent.WorkPreview;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.topology.RoutingKeys;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.SkeinInfrastructure;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An infra agent on the real broker that does what the test says instead of running Ansible. */
public final class ScriptedAgent implements AutoCloseable {

    public static final String ID = "infra-agent-1";

    private static final BrokerIdentity.Agent SELF = new BrokerIdentity.Agent("default", ID);

    private final Connection connection;
    private final Channel channel;
    /** Every order that came, in order. */
    public final List<AgentMessage> orders = new CopyOnWriteArrayList<>();

    /** Every preview that was asked for. */
    public final List<AgentMessage> previews = new CopyOnWriteArrayList<>();
    /** Playbooks whose previews are not answered. */
    public final Map<String, Boolean> unpreviewed = new ConcurrentHashMap<>();
    /** How previews of a playbook are answered; one change where nothing is said. */
    public final Map<String, UnaryOperator<WorkResult>> previewAnswers = new ConcurrentHashMap<>();
    /** Playbooks whose next run is refused because this file changed. */
    public final Map<String, String> changedFiles = new ConcurrentHashMap<>();

    public final List<WorkCancel> cancels = new CopyOnWriteArrayList<>();
    /** How the runs of a playbook end; completed where nothing is said. */
    public final Map<String, WorkResult.Outcome> outcomes = new ConcurrentHashMap<>();
    /** Playbooks that are taken and started and then not answered until {@link #finish}. */
    public final Map<String, Boolean> held = new ConcurrentHashMap<>();
    /** Errors still to be answered before a playbook is taken. */
    public final Map<String, List<AgentError.Code>> errors = new ConcurrentHashMap<>();

    /** What Ansible says of the task a playbook fails in. */
    public final Map<String, String> failures = new ConcurrentHashMap<>();

    public volatile boolean repeatEverything = false;

    private ScriptedAgent(Connection connection) throws IOException {
        this.connection = connection;
        this.channel = connection.createChannel();
    }

    public static ScriptedAgent start() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.rabbitUriOf(SELF));
        ScriptedAgent agent = new ScriptedAgent(factory.newConnection("scripted-agent"));
        agent.consume();
        return agent;
    }

    private void consume() throws IOException {
        Channel work = connection.createChannel();
        Queue.Declaration mine = Queue.INFRA_WORK.declaration(SELF.team());
        work.queueDeclare(mine.name(), true, false, false, mine.arguments());
        for (String binding : mine.bindings()) {
            work.queueBind(mine.name(), mine.exchange().wire(), binding);
        }
        work.basicConsume(mine.name(), true, new DefaultConsumer(work) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                    throws IOException {
                AgentMessage order = AgentMessage.fromJson(body);
                if (((WorkRequest) order.payload()).isPreview()) {
                    previews.add(order);
                    preview(order);
                } else {
                    orders.add(order);
                    run(order);
                }
            }
        });
        String queue = work.queueDeclare().getQueue();
        work.queueBind(queue, Exchange.WORK.wire(), RoutingKeys.cancel(RoutingKeys.INFRA, SELF.team()));
        work.basicConsume(queue, true, new DefaultConsumer(work) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                cancels.add((WorkCancel) AgentMessage.fromJson(body).payload());
            }
        });
    }

    private void run(AgentMessage order) throws IOException {
        WorkRequest request = (WorkRequest) order.payload();
        List<AgentError.Code> planned = errors.get(request.playbook());
        if (planned != null && !planned.isEmpty()) {
            send("error", order.requestId(), new AgentError(request.stepId(), planned.removeFirst(), "scripted"));
            return;
        }
        String changed = changedFiles.remove(request.playbook());
        if (changed != null) {
            send(
                    "result",
                    order.requestId(),
                    refused(request, "playbook changed: " + changed).withChanged(List.of(changed)));
            return;
        }
        send("status", order.requestId(), status(request, 1, WorkStatus.Phase.ACCEPTED, null));
        send("status", order.requestId(), status(request, 2, WorkStatus.Phase.STARTED, null));
        send("status", order.requestId(), status(request, 3, WorkStatus.Phase.TASK, "Gather facts"));
        if (!held.containsKey(request.playbook())) {
            finish(order, outcomes.getOrDefault(request.playbook(), WorkResult.Outcome.COMPLETED));
        }
    }

    private static WorkResult refused(WorkRequest request, String reason) {
        return new WorkResult(
                request.planId(),
                request.stepId(),
                WorkResult.Outcome.REFUSED,
                null,
                reason,
                0,
                Map.of(),
                List.of(),
                List.of(),
                null,
                null,
                Instant.now());
    }

    private void preview(AgentMessage order) throws IOException {
        WorkRequest request = (WorkRequest) order.payload();
        if (!unpreviewed.containsKey(request.playbook())) {
            answerPreview(order);
        }
    }

    /** Answers a preview as it is meant to be answered. */
    public void answerPreview(AgentMessage order) throws IOException {
        WorkRequest request = (WorkRequest) order.payload();
        WorkResult good = new WorkResult(
                        request.planId(),
                        request.stepId(),
                        WorkResult.Outcome.COMPLETED,
                        0,
                        null,
                        1,
                        Map.of(request.hosts().getFirst(), new WorkResult.HostRecap(2, 1, 0, 0, 0)),
                        List.of(),
                        List.of(),
                        null,
                        Instant.now(),
                        Instant.now())
                .withPreview(new WorkPreview(
                        List.of(new WorkStatus.TaskResult(
                                "play",
                                "Write the file",
                                "ansible.builtin.copy",
                                request.hosts().getFirst(),
                                WorkStatus.TaskOutcome.CHANGED,
                                false,
                                3,
                                "given " + request.variables(),
                                WireFormat.mapper().valueToTree(List.of(Map.of("before", "old\n", "after", "new\n"))))),
                        2,
                        false));
        WorkResult answer = previewAnswers
                .getOrDefault(request.playbook(), UnaryOperator.identity())
                .apply(good);
        List<AgentMessage> parts = new ArrayList<>(Chunks.split(
                new AgentMessage(Ids.next(), ID, "orchestrator", Instant.now(), null, order.requestId(), answer)));
        java.util.Collections.reverse(parts);
        for (AgentMessage part : parts) {
            send("result", order.requestId(), part.payload());
        }
    }

    /** The last task of a run ended well. */
    public void lastTask(AgentMessage order) throws IOException {
        WorkRequest request = (WorkRequest) order.payload();
        send("status", order.requestId(), status(request, 4, WorkStatus.Phase.TASK, "Do the work"));
    }

    /** Ends a run. */
    public void finish(AgentMessage order, WorkResult.Outcome outcome) throws IOException {
        WorkRequest request = (WorkRequest) order.payload();
        String failure = outcome == WorkResult.Outcome.COMPLETED ? null : failures.get(request.playbook());
        if (failure == null) {
            lastTask(order);
        } else {
            send("status", order.requestId(), failed(request, failure));
        }
        end(order, outcome);
    }

    /** Sends the result of a run, and not its last task. */
    public void end(AgentMessage order, WorkResult.Outcome outcome) throws IOException {
        WorkRequest request = (WorkRequest) order.payload();
        boolean good = outcome == WorkResult.Outcome.COMPLETED;
        send(
                "result",
                order.requestId(),
                new WorkResult(
                        request.planId(),
                        request.stepId(),
                        outcome,
                        good ? 0 : 2,
                        good ? null : "scripted " + outcome.wire(),
                        4,
                        Map.of(request.hosts().getFirst(), new WorkResult.HostRecap(2, 1, good ? 0 : 1, 0, 0)),
                        List.of("a notice"),
                        good
                                ? List.of()
                                : List.of(new WorkResult.Suggestion(
                                        "idempotency", "low", "r1", "say so", request.playbook(), 3)),
                        new WorkResult.Usage(10, 5, 1000),
                        Instant.now(),
                        Instant.now()));
    }

    private static WorkStatus status(WorkRequest request, long sequence, WorkStatus.Phase phase, String task) {
        return new WorkStatus(
                request.planId(),
                request.stepId(),
                sequence,
                phase,
                Instant.now(),
                task == null
                        ? null
                        : new WorkStatus.TaskResult(
                                "play",
                                task,
                                "ansible.builtin.debug",
                                request.hosts().getFirst(),
                                WorkStatus.TaskOutcome.OK,
                                false,
                                3,
                                "done",
                                null));
    }

    private static WorkStatus failed(WorkRequest request, String message) {
        return new WorkStatus(
                request.planId(),
                request.stepId(),
                4,
                WorkStatus.Phase.TASK,
                Instant.now(),
                new WorkStatus.TaskResult(
                        "play",
                        "Do the work",
                        "ansible.builtin.command",
                        request.hosts().getFirst(),
                        WorkStatus.TaskOutcome.FAILED,
                        false,
                        3,
                        message,
                        null));
    }

    /** Sends an answer; with {@link #repeatEverything} once more as another message, like a resend after a crash. */
    public void send(String kind, UUID requestId, AgentPayload payload) throws IOException {
        publish(kind, requestId, payload);
        if (repeatEverything) {
            publish(kind, requestId, payload);
        }
    }

    private synchronized void publish(String kind, UUID requestId, AgentPayload payload) throws IOException {
        AgentMessage message =
                new AgentMessage(Ids.next(), ID, "orchestrator", Instant.now(), null, requestId, payload);
        channel.basicPublish(
                Exchange.WORK.wire(),
                kind + ".infra." + ID,
                new AMQP.BasicProperties.Builder()
                        .messageId(message.messageId().toString())
                        .userId(SELF.userName())
                        .contentType("application/json")
                        .deliveryMode(2)
                        .build(),
                message.toJson());
    }

    /** The previews asked for of a plan. */
    public List<AgentMessage> previewsOf(UUID planId) {
        return previews.stream()
                .filter(order -> ((WorkRequest) order.payload()).planId().equals(planId))
                .toList();
    }

    /** The orders for a playbook. */
    public List<AgentMessage> ordersFor(UUID planId, String playbook) {
        return orders.stream()
                .filter(order -> order.payload() instanceof WorkRequest request
                        && request.planId().equals(planId)
                        && request.playbook().equals(playbook))
                .toList();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
