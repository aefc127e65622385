package io.skein.contracts.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one user may do at the broker, as RabbitMQ asks it: patterns over resource names, and per exchange a pattern over the
 * routing keys it may publish with. The patterns mean the same to Erlang's {@code re} and to {@link Pattern}, so a definitions
 * file and the front door's answers to the broker come from this one place.
 *
 * <p>Nobody here may create or remove an exchange or a shared queue: the topology comes from the broker's definitions file, or
 * from an administrator.
 *
 * @param configure resources it may declare and delete
 * @param write exchanges it may publish to, queues it may bind
 * @param read queues it may consume, exchanges it may bind from
 * @param publishes routing keys it may publish with; an exchange that is missing here takes nothing from it
 */
public record BrokerRights(String configure, String write, String read, Map<Exchange, String> publishes) {

    private static final String NOTHING = "^$";
    /** Queues the broker names, for those who listen to a broadcast as long as they are connected. */
    private static final String OWN_QUEUES = "amq\\.gen-.*";

    private static final String PRIORITY = "(critical|high|normal|low)\\.";

    /** First words of the event types each service publishes; the runtime service publishes what is nobody's here. */
    private static final Map<String, List<String>> EVENTS = Map.of(
            "orchestrator-service", List.of("request", "plan", "step", "session", "task", "llm"),
            "registry-service", List.of("node", "device", "agent"),
            "lock-service", List.of("lock"),
            "audit-service", List.of("audit"),
            "dashboard-ui", List.of("auth", "limit"));

    private static final List<String> AGENT_EVENTS = List.of("playbook", "fencing");

    /** What any consumer may say: that it refused a message. */
    private static final String REFUSED = "message";

    public BrokerRights {
        publishes = Map.copyOf(publishes);
    }

    public static BrokerRights of(BrokerIdentity identity) {
        return switch (identity) {
            case BrokerIdentity.Service service -> ofService(service.name());
            case BrokerIdentity.Node node ->
                new BrokerRights(
                        NOTHING,
                        resources(List.of(Exchange.HEARTBEATS.wire())),
                        NOTHING,
                        Map.of(Exchange.HEARTBEATS, "^node\\." + literal(node.node()) + "$"));
            case BrokerIdentity.Agent agent -> ofAgent(literal(agent.agentId()));
        };
    }

    /** Whether {@code identity} may send this message. */
    public boolean mayPublish(Exchange exchange, String routingKey) {
        String keys = publishes.get(exchange);
        return keys != null && Pattern.compile(keys).matcher(routingKey).find();
    }

    private static BrokerRights ofService(String name) {
        List<String> queues = queuesOf(name);
        Map<Exchange, String> publishes = new EnumMap<>(Exchange.class);
        publishes.put(Exchange.EVENTS, events(name));
        if (!queues.isEmpty()) {
            // Presence that cannot be read is put there by its reader; everything else dies by the broker's hand.
            publishes.put(Exchange.DEAD, resources(queues));
        }
        if (name.equals("orchestrator-service")) {
            publishes.put(Exchange.WORK, "^(request|cancel)\\..+$");
        }
        return new BrokerRights(
                "^" + OWN_QUEUES + "$",
                resourcesAnd(
                        OWN_QUEUES,
                        publishes.keySet().stream().map(Exchange::wire).toList()),
                resourcesAnd(OWN_QUEUES, with(queues, Exchange.EVENTS, Exchange.WORK, Exchange.HEARTBEATS)),
                publishes);
    }

    private static BrokerRights ofAgent(String id) {
        return new BrokerRights(
                "^" + OWN_QUEUES + "$",
                resourcesAnd(
                        OWN_QUEUES, List.of(Exchange.WORK.wire(), Exchange.EVENTS.wire(), Exchange.HEARTBEATS.wire())),
                resourcesAnd(OWN_QUEUES, with(queuesOf("infra-agent-service"), Exchange.WORK)),
                Map.of(
                        Exchange.WORK, "^(status|result|error)\\.[A-Za-z0-9_-]+\\." + id + "$",
                        Exchange.EVENTS, "^" + PRIORITY + "(" + words(AGENT_EVENTS) + "|" + REFUSED + ")\\..+$",
                        Exchange.HEARTBEATS, "^agent\\." + id + "$"));
    }

    private static String events(String service) {
        List<String> own = EVENTS.get(service);
        if (own != null) {
            return "^" + PRIORITY + "(" + words(own) + "|" + REFUSED + ")\\..+$";
        }
        // The runtime service publishes what people and webhooks send, under names of their own.
        String others =
                EVENTS.values().stream().map(BrokerRights::words).sorted().collect(Collectors.joining("|"));
        return service.equals("runtime-service")
                ? "^" + PRIORITY + "(?!(" + others + "|" + words(AGENT_EVENTS) + ")\\.).+$"
                : "^" + PRIORITY + REFUSED + "\\..+$";
    }

    /** {@code skein.lock.…} are the queues of {@code lock-service}, and so on. */
    private static List<String> queuesOf(String service) {
        String first = service.substring(0, service.indexOf('-'));
        return Arrays.stream(Queue.values())
                .map(Queue::wire)
                .filter(queue -> queue.startsWith("skein." + first + "."))
                .toList();
    }

    private static List<String> with(List<String> queues, Exchange... exchanges) {
        List<String> all = new ArrayList<>(queues);
        Arrays.stream(exchanges).map(Exchange::wire).forEach(all::add);
        return all;
    }

    private static String resources(List<String> names) {
        return "^(" + names.stream().map(BrokerRights::literal).sorted().collect(Collectors.joining("|")) + ")$";
    }

    private static String resourcesAnd(String pattern, List<String> names) {
        String listed = resources(names);
        return listed.substring(0, listed.length() - 2) + "|" + pattern + ")$";
    }

    private static String words(List<String> words) {
        return String.join("|", words);
    }

    /** Names hold letters, digits, {@code _}, {@code -} and dots; only the dot means something in a pattern. */
    private static String literal(String name) {
        return name.replace(".", "\\.");
    }
}
