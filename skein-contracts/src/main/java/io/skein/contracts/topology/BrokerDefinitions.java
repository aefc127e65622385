package io.skein.contracts.topology;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a broker must hold, as RabbitMQ imports it ({@code rabbitmqctl import_definitions}, {@code load_definitions}): exchanges,
 * queues, bindings, and each user's permissions. Users with their passwords are added by whoever knows these.
 */
public final class BrokerDefinitions {

    /** The services that sign in under their own name. */
    public static final List<BrokerIdentity> SERVICES = List.of(
            new BrokerIdentity.Service("audit-service"),
            new BrokerIdentity.Service("dashboard-ui"),
            new BrokerIdentity.Service("lock-service"),
            new BrokerIdentity.Service("orchestrator-service"),
            new BrokerIdentity.Service("registry-service"),
            new BrokerIdentity.Service("runtime-service"));

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private BrokerDefinitions() {}

    /**
     * The topology with the queues of the users' teams, and the users' rights. The users must exist, or be added to the
     * result, before it is imported.
     */
    public static ObjectNode of(String vhost, Collection<? extends BrokerIdentity> users) {
        Set<String> teams = new TreeSet<>();
        teams.add("default");
        users.forEach(user -> user.onlyTeam().ifPresent(teams::add));
        ObjectNode definitions = JSON.objectNode();
        definitions.putArray("vhosts").addObject().put("name", vhost);
        ArrayNode permissions = definitions.putArray("permissions");
        ArrayNode topicPermissions = definitions.putArray("topic_permissions");
        for (BrokerIdentity user : new LinkedHashSet<>(users)) {
            permissions(permissions, topicPermissions, vhost, user);
        }
        ArrayNode exchanges = definitions.putArray("exchanges");
        for (Exchange exchange : Exchange.values()) {
            exchange(exchanges.addObject(), vhost, exchange);
        }
        ArrayNode queues = definitions.putArray("queues");
        ArrayNode bindings = definitions.putArray("bindings");
        for (Queue.Declaration queue : Queue.declarations(teams)) {
            queue(queues.addObject(), vhost, queue);
            queue.bindings().forEach(key -> binding(bindings.addObject(), vhost, queue, queue.exchange(), key));
            if (queue.isReplayed()) {
                binding(bindings.addObject(), vhost, queue, Exchange.REPLAY, queue.name());
            }
        }
        return definitions;
    }

    private static void permissions(ArrayNode permissions, ArrayNode topic, String vhost, BrokerIdentity user) {
        BrokerRights rights = BrokerRights.of(user);
        permissions
                .addObject()
                .put("user", user.userName())
                .put("vhost", vhost)
                .put("configure", rights.configure())
                .put("write", rights.write())
                .put("read", rights.read());
        for (Exchange exchange : Exchange.values()) {
            String publishes = rights.publishes().get(exchange);
            String binds = rights.binds().get(exchange);
            // Without an entry RabbitMQ would not look at routing keys at all.
            topic.addObject()
                    .put("user", user.userName())
                    .put("vhost", vhost)
                    .put("exchange", exchange.wire())
                    .put("write", publishes == null ? BrokerRights.NOTHING : publishes)
                    .put("read", binds == null ? BrokerRights.NOTHING : binds);
        }
    }

    private static void exchange(ObjectNode node, String vhost, Exchange exchange) {
        node.put("name", exchange.wire())
                .put("vhost", vhost)
                .put("type", "topic")
                .put("durable", true)
                .put("auto_delete", false)
                .put("internal", false)
                .putObject("arguments");
    }

    private static void queue(ObjectNode node, String vhost, Queue.Declaration queue) {
        node.put("name", queue.name()).put("vhost", vhost).put("durable", true).put("auto_delete", false);
        ObjectNode arguments = node.putObject("arguments");
        queue.arguments().forEach((name, value) -> {
            if (value instanceof Integer number) {
                arguments.put(name, number);
            } else {
                arguments.put(name, value.toString());
            }
        });
    }

    private static void binding(ObjectNode node, String vhost, Queue.Declaration queue, Exchange exchange, String key) {
        node.put("source", exchange.wire())
                .put("vhost", vhost)
                .put("destination", queue.name())
                .put("destination_type", "queue")
                .put("routing_key", key)
                .putObject("arguments");
    }
}
