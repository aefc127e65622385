package io.skein.platform.auth;

import io.quarkus.security.UnauthorizedException;
import io.skein.platform.http.Trace;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who sent this request, from the verified token. */
@RequestScoped
public class Caller {

    private static final String SERVICE_SUBJECT = "service:";

    @Inject
    JsonWebToken token;

    @Inject
    Trace trace;

    /** User name, or the service's name. */
    public String name() {
        String name = token.getName();
        return isService() && name.startsWith(SERVICE_SUBJECT) ? name.substring(SERVICE_SUBJECT.length()) : name;
    }

    /**
     * The team whose things this caller sees. Services see all teams and have none of their own: what they make without saying for
     * whom is the default team's.
     *
     * @throws UnauthorizedException when a person's token names no team: nobody is in the default team by accident
     */
    public String team() {
        Object team = token.getClaim("team");
        if (team != null && !team.toString().isBlank()) {
            return team.toString();
        }
        if (isService()) {
            return "default";
        }
        throw new UnauthorizedException("the token names no team");
    }

    /** What this caller may see of what belongs to teams and people. */
    public Visibility visibility() {
        if (isService()) {
            return Visibility.ALL;
        }
        boolean everybodys = has(Role.APPROVER) || has(Role.ADMIN);
        return new Visibility(team(), everybodys ? null : name());
    }

    /** The same for a list a service may narrow to one team by asking for it; what a person asks for changes nothing. */
    public Visibility visibility(String askedTeam) {
        return isService() ? Visibility.ofTeam(askedTeam) : visibility();
    }

    public Set<Role> roles() {
        Set<String> groups = token.getGroups();
        return groups == null
                ? Set.of()
                : groups.stream().flatMap(g -> Role.fromWire(g).stream()).collect(Collectors.toUnmodifiableSet());
    }

    public boolean has(Role role) {
        return roles().contains(role);
    }

    public boolean isService() {
        return has(Role.SERVICE);
    }

    /** How this caller is written into events: {@code ada} or {@code service:orchestrator-service}. */
    public String actor() {
        return isService() ? SERVICE_SUBJECT + name() : name();
    }

    public String traceId() {
        return trace.id();
    }

    /**
     * @param team the team it belongs to
     * @param owner the person it belongs to, or null
     * @throws ProblemException not_found when this caller may not see it: that it exists is none of the caller's business
     */
    public void requireVisible(String team, String owner, String what) {
        if (!visibility().covers(team, owner)) {
            throw ProblemException.notFound(what);
        }
    }
}
