package io.skein.infra.catalogue;

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

/** The catalogue, to read. */
@Path("/api/v1/playbooks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
public class PlaybookResource {

    @Inject
    Catalogue catalogue;

    /**
     * @param after path of the last playbook of the page before
     * @param q text that must occur in path, name, description or service
     */
    @GET
    public Page<Playbook> list(
            @QueryParam("size") Integer size, @QueryParam("after") String after, @QueryParam("q") String q) {
        int limit = Page.size(size);
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
    public Playbook get(@PathParam("id") String id) {
        return find(catalogue, id);
    }

    /** What the repository holds right now; the watch would see it within seconds anyway. */
    @POST
    @Path("rescan")
    @RolesAllowed({Role.Names.OPERATOR, Role.Names.SERVICE})
    public Page<Playbook> rescan() {
        List<Playbook> found = catalogue.rescan();
        return new Page<>(found, null);
    }

    /** By id; answers not_found for what is no id, too. */
    public static Playbook find(Catalogue catalogue, String id) {
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
