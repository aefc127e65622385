package io.skein.audit.entry;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.auth.Role;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Jdbi;

/** {@code /api/v1/audit}: reading the entries. People see those of their team, and of those about somebody's plan their own. */
@Path("/api/v1/audit")
@RunOnVirtualThread
@Tag(name = "audit")
@RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
public class EntryResource {

    private static final int EXPORT_CHUNK = 500;

    @Inject
    Caller caller;

    @Inject
    Jdbi jdbi;

    @Inject
    EntryRepository entries;

    @Inject
    Clock clock;

    /** The filters all lists share. */
    public static class Parameters {
        @QueryParam("from")
        public String from;

        @QueryParam("to")
        public String to;

        @QueryParam("type")
        public String type;

        @QueryParam("actor")
        public String actor;

        @QueryParam("status")
        public String status;

        @QueryParam("planId")
        public String planId;

        @QueryParam("traceId")
        public String traceId;

        @QueryParam("resource")
        public String resource;

        @QueryParam("q")
        public String q;

        /** Services only: for which team's agent they ask. */
        @HeaderParam(Requester.TEAM_HEADER)
        public String team;

        @HeaderParam(Requester.ACTOR_HEADER)
        public String actorAsking;

        /** A service that names an agent sees what that agent may see, and without one everything. */
        Visibility visibility(Caller caller) {
            return caller.isService() && (team != null || actorAsking != null)
                    ? Requester.of(caller, team, actorAsking).visibility()
                    : caller.visibility();
        }

        EntryQueries queries() {
            return new EntryQueries(from, to, type, actor, status, planId, traceId, resource, q);
        }
    }

    @GET
    @Path("/entries")
    @Operation(summary = "Entries, newest first")
    public Page<Entry> list(
            @BeanParam Parameters parameters, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        return page(parameters.queries().filter(parameters.visibility(caller)), size, after);
    }

    @GET
    @Path("/failures")
    @Operation(summary = "What failed, was interrupted, refused or expired; the last week unless from is given")
    public Page<Entry> failures(
            @BeanParam Parameters parameters, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        return page(parameters.queries().failures(parameters.visibility(caller), clock.instant()), size, after);
    }

    @GET
    @Path("/export")
    @Operation(summary = "All matching entries, newest first, as JSON Lines or CSV")
    public Response export(@BeanParam Parameters parameters, @QueryParam("format") String format) {
        EntryExport export = EntryExport.of(format);
        EntryFilter filter = parameters.queries().filter(parameters.visibility(caller));
        StreamingOutput body = out -> {
            export.begin(out);
            Long before = null;
            List<Entry> chunk;
            do {
                Long place = before;
                chunk = jdbi.withHandle(h -> entries.find(h, filter, place, EXPORT_CHUNK));
                for (Entry entry : chunk) {
                    export.write(out, entry);
                }
                before = chunk.isEmpty() ? null : chunk.getLast().seq();
            } while (chunk.size() == EXPORT_CHUNK);
        };
        return Response.ok(body, export.mediaType())
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"skein-audit." + export.name().toLowerCase(java.util.Locale.ROOT) + "\"")
                .build();
    }

    private Page<Entry> page(EntryFilter filter, Integer size, String after) {
        int limit = Page.size(size);
        Long before = place(after);
        return Page.of(
                jdbi.withHandle(h -> entries.find(h, filter, before, limit + 1)), limit, e -> Long.toString(e.seq()));
    }

    private static Long place(String after) {
        if (after == null || after.isEmpty()) {
            return null;
        }
        try {
            return Long.valueOf(after);
        } catch (NumberFormatException e) {
            throw ProblemException.invalid("after", "is not a cursor this list gave out");
        }
    }
}
