package io.skein.contracts.topology;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who is connected to the broker. RabbitMQ checks that the {@code user-id} of a message is the user of its connection, so a
 * consumer can hold what a message claims against who really sent it.
 *
 * <p>User names: a service is its name ({@code lock-service}); a machine {@code node~<team>~<node>}; a working agent {@code
 * agent~<team>~<agentId>}. None of the parts can hold a {@code ~}. A name of any other form is nobody.
 */
public sealed interface BrokerIdentity {

    /** What AMQP allows a {@code user-id} to have, in bytes. */
    int MAX_USER_NAME = 255;

    /** A service of the fleet; it speaks for all teams. */
    record Service(String name) implements BrokerIdentity {
        public Service {
            Forms.require(Forms.SERVICE.matcher(name).matches(), "a service", name);
        }

        @Override
        public String userName() {
            return name;
        }

        @Override
        public String source() {
            return "/" + name;
        }

        @Override
        public Optional<String> onlyTeam() {
            return Optional.empty();
        }

        /** What it calls itself in agent messages: {@code orchestrator} for {@code orchestrator-service}. */
        public String shortName() {
            return name.substring(0, name.indexOf('-'));
        }
    }

    /** The desktop agent of one machine; it speaks for that machine only. */
    record Node(String team, String node) implements BrokerIdentity {
        public Node {
            Forms.member("node", team, node);
        }

        @Override
        public String userName() {
            return "node~" + team + "~" + node;
        }

        @Override
        public String source() {
            return "/nodes/" + node;
        }

        @Override
        public Optional<String> onlyTeam() {
            return Optional.of(team);
        }
    }

    /** An agent that takes work; it answers for itself only. */
    record Agent(String team, String agentId) implements BrokerIdentity {
        public Agent {
            Forms.member("agent", team, agentId);
        }

        @Override
        public String userName() {
            return "agent~" + team + "~" + agentId;
        }

        @Override
        public String source() {
            return "/agents/" + agentId;
        }

        @Override
        public Optional<String> onlyTeam() {
            return Optional.of(team);
        }
    }

    /** Its user at the broker; at most {@link #MAX_USER_NAME} bytes. */
    String userName();

    /** The {@code source} of its events. */
    String source();

    /** The one team it may speak for; empty for a service, which speaks for all. */
    Optional<String> onlyTeam();

    /** Empty when nobody is called so. */
    static Optional<BrokerIdentity> parse(String userName) {
        if (userName == null || userName.length() > MAX_USER_NAME) {
            return Optional.empty();
        }
        Matcher member = Forms.MEMBER.matcher(userName);
        if (member.matches()) {
            return Optional.of(
                    member.group(1).equals("node")
                            ? new Node(member.group(2), member.group(3))
                            : new Agent(member.group(2), member.group(3)));
        }
        return Forms.SERVICE.matcher(userName).matches() ? Optional.of(new Service(userName)) : Optional.empty();
    }

    /** How names are written. */
    final class Forms {
        private static final Pattern SERVICE = Pattern.compile("[a-z]+(-[a-z]+){1,3}");
        private static final Pattern MEMBER =
                Pattern.compile("(node|agent)~([A-Za-z0-9._-]{1,64})~([A-Za-z0-9._-]{1,253})");

        private Forms() {}

        /** Names end up in the broker's patterns: one that is more than a name must not get that far. */
        private static void member(String kind, String team, String name) {
            String user = kind + "~" + team + "~" + name;
            require(
                    MEMBER.matcher(user).matches() && user.getBytes(StandardCharsets.UTF_8).length <= MAX_USER_NAME,
                    kind + " of a team",
                    user);
        }

        private static void require(boolean holds, String what, String name) {
            if (!holds) {
                throw new IllegalArgumentException("no " + what + " is called " + name);
            }
        }
    }
}
