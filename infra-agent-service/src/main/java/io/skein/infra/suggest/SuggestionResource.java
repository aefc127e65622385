package io.skein.infra.suggest;

import io.skein.contracts.agent.WorkResult.Suggestion;
import io.skein.contracts.error.ErrorCode;
import io.skein.infra.agent.TeamGate;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.catalogue.PlaybookResource;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** Suggestions on demand. */
@Path("/api/v1/playbooks/{id}/suggestions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
public class SuggestionResource {

    @Inject
    Catalogue catalogue;

    @Inject
    Linter linter;

    @Inject
    TeamGate gate;

    @GET
    public Page<Suggestion> suggestions(@PathParam("id") String id, @QueryParam("team") String team) {
        try {
            return new Page<>(
                    linter.suggest(
                            PlaybookResource.find(catalogue, gate, id, team).path()),
                    null);
        } catch (Linter.UnavailableException e) {
            throw new ProblemException(ErrorCode.UNAVAILABLE, "No suggestions: " + e.getMessage() + ".");
        }
    }
}
