package io.skein.platform.auth;

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

    /** The team whose things this caller sees; services see all teams and have none of their own. */
    public String team() {
        Object team = token.getClaim("team");
        return team == null ? "default" : team.toString();
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
     * @throws ProblemException not_found when {@code owner} is another team: that it exists is none of the caller's business
     */
    public void requireTeam(String owner, String what) {
        if (!isService() && !team().equals(owner)) {
            throw ProblemException.notFound(what);
        }
    }
}
