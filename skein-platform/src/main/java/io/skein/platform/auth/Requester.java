package io.skein.platform.auth;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import java.util.regex.Pattern;

/**
 * On whose behalf something is asked: the caller's own, or, when the caller is a service, that of an agent of a team, which the service
 * names in {@link #TEAM_HEADER} and {@link #ACTOR_HEADER}. What people send in these headers changes nothing.
 *
 * @param name whose it is: a user name, or {@code agent:<id>}
 * @param actor how it is written into events
 */
public record Requester(String team, String name, String actor) {

    public static final String TEAM_HEADER = "Skein-Team";
    public static final String ACTOR_HEADER = "Skein-Actor";

    private static final Pattern TEAM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern AGENT = Pattern.compile("agent:[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    /**
     * @param team the header's value, or null
     * @param actor the header's value, or null
     * @throws ProblemException forbidden when a service does not say for whose agent it asks: it asks for nothing of its own
     */
    public static Requester of(Caller caller, String team, String actor) {
        if (!caller.isService()) {
            return new Requester(caller.team(), caller.name(), caller.actor());
        }
        if (team == null || actor == null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "A service may do that for an agent of a team only, named in " + TEAM_HEADER + " and "
                            + ACTOR_HEADER + ".");
        }
        if (!TEAM.matcher(team).matches()) {
            throw ProblemException.invalid(TEAM_HEADER, "is not the name of a team");
        }
        if (!AGENT.matcher(actor).matches()) {
            throw ProblemException.invalid(ACTOR_HEADER, "must be an agent, like agent:monitoring-manager");
        }
        return new Requester(team, actor, actor);
    }

    /** What it may see: what is the team's and its own. */
    public Visibility visibility() {
        return new Visibility(team, name);
    }
}
