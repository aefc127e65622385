package io.skein.contracts.topology;

/**
 * Routing keys of {@link Exchange#WORK} that name a team. The team is one word of the key whatever it is called, or the orders
 * of the team {@code a.b} would also be those of an agent {@code b} of the team {@code a}.
 */
public final class RoutingKeys {

    /** The agent type that runs Ansible. */
    public static final String INFRA = "infra";

    private RoutingKeys() {}

    /** An order for one agent. */
    public static String request(String agentType, String team, String agentId) {
        return request(agentType, team) + "." + agentId;
    }

    /** An order for whoever of that type is free. */
    public static String request(String agentType, String team) {
        return "request." + agentType + "." + word(team);
    }

    /** An order to stop, for all agents of a type and team. */
    public static String cancel(String agentType, String team) {
        return "cancel." + agentType + "." + word(team);
    }

    /** Binds all orders for a team. */
    static String orders(String agentType, String team) {
        return request(agentType, team) + ".#";
    }

    /** No team's name holds a {@code ~}, so no two teams share a word. */
    private static String word(String team) {
        return team.replace('.', '~');
    }
}
