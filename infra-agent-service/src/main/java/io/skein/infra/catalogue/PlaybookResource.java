package io.skein.infra.catalogue;

import io.skein.infra.agent.TeamGate;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The catalogue of the agent's team, to read. A service may say for which team it asks. */
@Path("/api/v1/playbooks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
public class PlaybookResource {

    @Inject
    Catalogue catalogue;

    @Inject
    TeamGate gate;

    /**
     * @param after path of the last playbook of the page before
     * @param q text that must occur in path, name, description or service
     */
    @GET
    public Page<Playbook> list(
            @QueryParam("size") Integer size,
            @QueryParam("after") String after,
            @QueryParam("q") String q,
            @QueryParam("team") String team) {
        int limit = Page.size(size);
        if (!gate.isOpen(team)) {
            return new Page<>(List.of(), null);
        }
        List<Playbook> found = catalogue.playbooks().stream()
                .filter(p -> after == null || p.path().compareTo(after) > 0)
                .filter(p -> q == null || q.isBlank() || contains(p, q.strip().toLowerCase(Locale.ROOT)))
                .sorted(java.util.Comparator.comparing(Playbook::path))
                .limit(limit + 1L)
                .toList();
        return Page.of(found, limit, Playbook::path);
    }

    @GET
    @Path("{id}")
    public Playbook get(@PathParam("id") String id, @QueryParam("team") String team) {
        return find(catalogue, gate, id, team);
    }

    /** What the repository holds right now; the watch would see it within seconds anyway. */
    @POST
    @Path("rescan")
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    public Page<Playbook> rescan(@QueryParam("team") String team) {
        if (!gate.isOpen(team)) {
            return new Page<>(List.of(), null);
        }
        List<Playbook> found = catalogue.rescan();
        return new Page<>(found, null);
    }

    /** By id; answers not_found for what is no id or another team's, too. */
    public static Playbook find(Catalogue catalogue, TeamGate gate, String id, String team) {
        if (!gate.isOpen(team)) {
            throw ProblemException.notFound("such playbook");
        }
        try {
            return catalogue.byId(UUID.fromString(id)).orElseThrow(() -> ProblemException.notFound("such playbook"));
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("such playbook");
        }
    }

    private static boolean contains(Playbook playbook, String words) {
        return (playbook.path() + " " + playbook.name() + " " + playbook.description() + " " + playbook.service())
                .toLowerCase(Locale.ROOT)
                .contains(words);
    }
}
