package io.skein.runtime.dead;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.quarkus.security.ForbiddenException;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Dead letters hold what any team said, so they are for those who run the fleet: the administrators of the home team. */
@Path("/api/v1/events/dead-letters")
@RolesAllowed(Role.Names.ADMIN)
@RunOnVirtualThread
@Tag(name = "dead letters")
public class DeadLetterResource {

    private static final String HOME_TEAM = "default";
    private static final int MAX_SHOWN_BYTES = 64 * 1024;
    private static final int MAX_QUEUE = 255;

    /**
     * @param body the beginning of the message as UTF-8
     * @param bodyCut true when there is more of it
     */
    record Opened(@JsonUnwrapped KeptLetter letter, String body, boolean bodyCut) {}

    @Inject
    DeadLetterService letters;

    @Inject
    Caller caller;

    /** Newest first; of one queue when it is named. */
    @GET
    @Operation(summary = "Messages that died in some queue, newest first")
    public Page<KeptLetter> list(
            @QueryParam("queue") String queue, @QueryParam("size") Integer size, @QueryParam("after") String after) {
        requireHomeTeam();
        int limit = Page.size(size);
        if (queue != null && queue.length() > MAX_QUEUE) {
            throw ProblemException.invalid("queue", "is no queue's name");
        }
        return letters.page(queue, Page.afterId(after), limit);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One of them, with the beginning of its body")
    public Opened get(@PathParam("id") String id) {
        requireHomeTeam();
        return opened(letters.get(id(id)));
    }

    /** Gives it back to the queue it died in, once; whoever reads it there checks its sender again. */
    @POST
    @Path("/{id}/replay")
    @Operation(summary = "Give it back to its queue, once")
    public Opened replay(@PathParam("id") String id) {
        requireHomeTeam();
        return opened(letters.replay(id(id), actor()));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Throw it away")
    public void delete(@PathParam("id") String id) {
        requireHomeTeam();
        letters.delete(id(id), actor());
    }

    private DeadLetterService.Actor actor() {
        return new DeadLetterService.Actor(caller.actor(), caller.team(), caller.traceId());
    }

    private void requireHomeTeam() {
        if (!HOME_TEAM.equals(caller.team())) {
            throw new ForbiddenException("of the home team only");
        }
    }

    private static Opened opened(KeptLetter letter) {
        byte[] body = letter.body();
        byte[] shown = body.length > MAX_SHOWN_BYTES ? Arrays.copyOf(body, MAX_SHOWN_BYTES) : body;
        return new Opened(letter, new String(shown, StandardCharsets.UTF_8), letter.size() > shown.length);
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("dead letter");
        }
    }
}
