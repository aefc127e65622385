package io.skein.audit.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Jdbi;

/** {@code /api/v1/audit/tasks}: the records of finished tasks. */
@Path("/api/v1/audit/tasks")
@RunOnVirtualThread
@Tag(name = "audit")
public class RecordResource {

    private static final String WHAT = "record of this task";

    @Inject
    Caller caller;

    @Inject
    Jdbi jdbi;

    @Inject
    RecordRepository records;

    /**
     * A record as the API shows it.
     *
     * @param state pending: not in git yet
     * @param commit null while pending
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record View(
            UUID taskId,
            UUID planId,
            String kind,
            String status,
            String state,
            String path,
            String commit,
            String chainHead,
            Instant committedAt,
            JsonNode record) {}

    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "The record of a finished step or plan, and the commit that holds it")
    public View get(@PathParam("id") String id) {
        TaskRecord found =
                jdbi.withHandle(h -> records.find(h, uuid(id))).orElseThrow(() -> ProblemException.notFound(WHAT));
        caller.requireVisible(found.team(), found.owner(), WHAT);
        return new View(
                found.taskId(),
                found.planId(),
                found.kind().name().toLowerCase(java.util.Locale.ROOT),
                found.status(),
                found.commit() == null ? "pending" : "committed",
                found.path(),
                found.commit(),
                found.chainHead(),
                found.committedAt(),
                WireFormat.read(found.content(), JsonNode.class));
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound(WHAT);
        }
    }
}
