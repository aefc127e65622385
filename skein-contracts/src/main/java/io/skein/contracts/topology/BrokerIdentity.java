package io.skein.contracts.topology;

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
        @Override
        public String userName() {
            return name;
        }
    }

    /** The desktop agent of one machine; it speaks for that machine only. */
    record Node(String team, String node) implements BrokerIdentity {
        @Override
        public String userName() {
            return "node~" + team + "~" + node;
        }
    }

    /** An agent that takes work; it answers for itself only. */
    record Agent(String team, String agentId) implements BrokerIdentity {
        @Override
        public String userName() {
            return "agent~" + team + "~" + agentId;
        }
    }

    /** Its user at the broker; at most {@link #MAX_USER_NAME} bytes. */
    String userName();

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
    }
}
