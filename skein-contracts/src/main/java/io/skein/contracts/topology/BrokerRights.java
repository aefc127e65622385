package io.skein.contracts.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one user may do at the broker, as RabbitMQ asks it: patterns over resource names, and per exchange patterns over the
 * routing keys it may publish and bind with. The patterns mean the same to Erlang's {@code re} and to {@link Pattern}, so a
 * definitions file and the front door's answers to the broker come from this one place.
 *
 * <p>Nobody here may create or remove an exchange or a queue that others use: the topology comes from the broker's definitions
 * file, or from an administrator. An agent may create the queue of its own team, whose orders it may take anyway.
 *
 * @param configure resources it may declare and delete
 * @param write exchanges it may publish to, queues it may bind
 * @param read queues it may consume, exchanges it may bind to
 * @param publishes routing keys it may publish with; an exchange that is missing here takes nothing from it
 * @param binds binding keys it may bind a queue with; an exchange that is missing here is not to be listened to
 */
public record BrokerRights(
        String configure, String write, String read, Map<Exchange, String> publishes, Map<Exchange, String> binds) {

    /** Matches no name and no key. */
    public static final String NOTHING = "^$";

    /** Queues the broker names, for those who listen to a broadcast as long as they are connected. */
    private static final String OWN_QUEUES = "amq\\.gen-.*";

    private static final String PRIORITY = "(critical|high|normal|low)\\.";

    /** The very end; {@code $} would let a line break follow. */
    private static final String END = "\\z";

    /** First words of the event types each service publishes; the runtime service publishes what is nobody's here. */
    private static final Map<String, List<String>> EVENTS = Map.of(
            "orchestrator-service", List.of("request", "plan", "step", "session", "task", "llm"),
            "registry-service", List.of("node", "device", "agent"),
            "lock-service", List.of("lock"),
            "audit-service", List.of("audit"),
            "dashboard-ui", List.of("auth", "limit"));

    private static final List<String> AGENT_EVENTS = List.of("playbook", "fencing");

    /** Who keeps the dead letters, and may give them back to their queues. */
    private static final String UNDERTAKER = "runtime-service";

    /** What any consumer may say: that it refused a message. */
    private static final String REFUSED = "message";

    public BrokerRights {
        publishes = Map.copyOf(publishes);
        binds = Map.copyOf(binds);
    }

    public static BrokerRights of(BrokerIdentity identity) {
        return switch (identity) {
            case BrokerIdentity.Service service -> ofService(service);
            case BrokerIdentity.Node node ->
                new BrokerRights(
                        NOTHING,
                        resources(Stream.of(Exchange.HEARTBEATS.wire())),
                        NOTHING,
                        Map.of(Exchange.HEARTBEATS, "^node\\." + literal(node.node()) + END),
                        Map.of());
            case BrokerIdentity.Agent agent -> ofAgent(agent);
        };
    }

    /** Whether it may send this message. */
    public boolean mayPublish(Exchange exchange, String routingKey) {
        return matches(publishes, exchange, routingKey);
    }

    /** Whether it may listen to what this binding key lets through. */
    public boolean mayBind(Exchange exchange, String bindingKey) {
        return matches(binds, exchange, bindingKey);
    }

    private static boolean matches(Map<Exchange, String> patterns, Exchange exchange, String key) {
        String keys = patterns.get(exchange);
        return keys != null && Pattern.compile(keys).matcher(key).find();
    }

    private static BrokerRights ofService(BrokerIdentity.Service service) {
        List<Queue> queues = new ArrayList<>(Queue.ofService(service.shortName()).stream()
                .filter(queue -> !queue.isPerTeam())
                .toList());
        Map<Exchange, String> publishes = new EnumMap<>(Exchange.class);
        publishes.put(Exchange.EVENTS, events(service.name()));
        List<String> transients = queues.stream()
                .filter(queue -> queue.kind() == Queue.Kind.TRANSIENT)
                .map(Queue::wire)
                .toList();
        if (!transients.isEmpty()) {
            // Presence that cannot be read is put there by its reader; everything else dies by the broker's hand.
            publishes.put(Exchange.DEAD, "^(" + alternatives(transients.stream()) + ")" + END);
        }
        if (service.name().equals(UNDERTAKER)) {
            queues.add(Queue.DEAD_LETTERS);
            publishes.put(Exchange.REPLAY, replays());
        }
        if (service.name().equals("orchestrator-service")) {
            publishes.put(Exchange.WORK, "^(request|cancel)\\.[a-z]+\\..+" + END);
        }
        return new BrokerRights(
                NOTHING,
                resources(wires(publishes.keySet())),
                queues.isEmpty() ? NOTHING : resources(queues.stream().map(Queue::wire)),
                publishes,
                Map.of());
    }

    /** The names of all queues whose messages can come back. */
    private static String replays() {
        Stream<String> names = Arrays.stream(Queue.values())
                .filter(queue -> queue.declaration("").isReplayed())
                .map(queue -> literal(queue.wire()) + (queue.isPerTeam() ? "\\.[A-Za-z0-9._-]+" : ""));
        return "^(" + names.sorted().collect(Collectors.joining("|")) + ")" + END;
    }

    private static BrokerRights ofAgent(BrokerIdentity.Agent agent) {
        String id = literal(agent.agentId());
        List<Queue> teamQueues =
                Arrays.stream(Queue.values()).filter(Queue::isPerTeam).toList();
        String queues = alternatives(teamQueues.stream().map(queue -> queue.of(agent.team()))) + "|" + OWN_QUEUES;
        Map<Exchange, String> publishes = Map.of(
                Exchange.WORK, "^(status|result|error)\\.[A-Za-z0-9_-]+\\." + id + END,
                Exchange.EVENTS, "^" + PRIORITY + "(" + words(AGENT_EVENTS) + "|" + REFUSED + ")\\..+" + END,
                Exchange.HEARTBEATS, "^agent\\." + id + END,
                Exchange.DEAD, "^(" + queues + ")" + END);
        Stream<String> keys = Stream.concat(
                Stream.of(RoutingKeys.cancel(RoutingKeys.INFRA, agent.team())),
                teamQueues.stream().flatMap(queue -> queue.bindings(agent.team()).stream()));
        return new BrokerRights(
                "^(" + queues + ")$",
                "^(" + alternatives(wires(publishes.keySet())) + "|" + queues + ")$",
                "^(" + alternatives(Stream.of(Exchange.REPLAY.wire(), Exchange.WORK.wire())) + "|" + queues + ")$",
                publishes,
                Map.of(
                        Exchange.WORK,
                        "^(" + alternatives(keys) + ")" + END,
                        Exchange.REPLAY,
                        "^(" + alternatives(teamQueues.stream().map(queue -> queue.of(agent.team()))) + ")" + END));
    }

    private static String events(String service) {
        List<String> own = EVENTS.get(service);
        if (own != null) {
            return "^" + PRIORITY + "(" + words(own) + "|" + REFUSED + ")\\..+" + END;
        }
        // The runtime service publishes what people and webhooks send, under names of their own.
        String others =
                EVENTS.values().stream().map(BrokerRights::words).sorted().collect(Collectors.joining("|"));
        return service.equals("runtime-service")
                ? "^" + PRIORITY + "(?!(" + others + "|" + words(AGENT_EVENTS) + ")\\.).+" + END
                : "^" + PRIORITY + REFUSED + "\\..+" + END;
    }

    private static Stream<String> wires(Collection<Exchange> exchanges) {
        return exchanges.stream().map(Exchange::wire);
    }

    private static String resources(Stream<String> names) {
        return "^(" + alternatives(names) + ")$";
    }

    private static String alternatives(Stream<String> names) {
        return names.map(BrokerRights::literal).sorted().collect(Collectors.joining("|"));
    }

    private static String words(List<String> words) {
        return String.join("|", words);
    }

    /** Names hold letters, digits, {@code _}, {@code -}, {@code ~}, {@code #} and dots; only the dot means something. */
    private static String literal(String name) {
        return name.replace(".", "\\.");
    }
}
