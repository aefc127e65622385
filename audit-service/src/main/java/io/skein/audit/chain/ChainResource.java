package io.skein.audit.chain;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.audit.entry.Entry;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /api/v1/audit/verify}. */
@Path("/api/v1/audit/verify")
@RunOnVirtualThread
@Tag(name = "audit")
public class ChainResource {

    @Inject
    ChainService service;

    @Inject
    Caller caller;

    /**
     * What verification found. The chain is one for all teams, so everybody is told whether it holds, how long it is and at
     * which place it broke; which event stands there only those may know who may see that entry.
     *
     * @param entries how many were found good
     * @param commits how many git commits were compared; 0 where the repository is not on this machine
     * @param reason one sentence when not valid
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Verdict(
            boolean valid,
            String partition,
            long entries,
            String chainHead,
            int commits,
            Finding firstBad,
            String reason,
            long durationMillis) {}

    @GET
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "Recompute the whole chain, compare it with git and name the first bad entry")
    public Verdict verify() throws IOException {
        long begun = System.nanoTime();
        ChainService.Result result = service.verify();
        Finding bad = result.firstBad()
                .map(found -> service.isVisible(found, caller.visibility()) ? found : found.withoutId())
                .orElse(null);
        return new Verdict(
                bad == null,
                Entry.MAIN,
                result.entries(),
                result.head().hash(),
                result.commits(),
                bad,
                bad == null
                        ? null
                        : "Entry " + bad.seq() + " was " + bad.problem().wire() + ": " + bad.detail() + ".",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
}
