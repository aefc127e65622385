package io.skein.lock.lease;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.http.EventStream;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** {@code /api/v1/locks/queue/{id}/stream}: a place in the queue, live. As long as its owner reads it, the place is kept. */
@Path("/api/v1/locks/queue/{id}/stream")
@RunOnVirtualThread
@Tag(name = "locks")
public class PlaceStreamResource {

    private static final Logger LOG = Logger.getLogger(PlaceStreamResource.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LONGEST_SEND = Duration.ofSeconds(10);

    @Inject
    Caller caller;

    @Inject
    Acquiring acquiring;

    @Inject
    WaitRoom waitRoom;

    @Inject
    LeaseConfig config;

    private Semaphore streams;

    @PostConstruct
    void prepare() {
        streams = new Semaphore(config.maxStreams());
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(
            summary =
                    "A place in the queue, live: waiting with each new position, then granted or gone, which is the end")
    public void stream(@PathParam("id") String path, @Context SseEventSink sink, @Context Sse sse)
            throws InterruptedException {
        UUID id = LeaseResource.id(path, "waiting request");
        LeaseService.Person person = LeaseResource.person(caller);
        Place first = acquiring.look(id, person);
        if (!streams.tryAcquire()) {
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE,
                    "Too many live streams are open here. Poll the place instead, or try again.");
        }
        // A reader who did not ask for the lock looks on, but that does not keep the place.
        try (EventStream stream = new EventStream(sink, LONGEST_SEND);
                WaitRoom.Seat seat = acquiring.isOwn(id, person) ? waitRoom.enter(id) : waitRoom.lookOn(id)) {
            follow(id, person, first, seat, stream, sse);
        } catch (EventStream.ReaderGoneException e) {
            LOG.debugf("stream of place %s cut: %s", id, e.getMessage());
        } finally {
            streams.release();
        }
    }

    private void follow(
            UUID id, LeaseService.Person person, Place first, WaitRoom.Seat seat, EventStream stream, Sse sse)
            throws InterruptedException, EventStream.ReaderGoneException {
        Place place = first;
        Integer told = null;
        long quietSince = System.nanoTime();
        while (stream.isOpen()) {
            if (place.lock() != null) {
                stream.send(event(sse, "granted", place.lock()));
                return;
            }
            if (!place.position().equals(told)) {
                stream.send(event(sse, "waiting", place));
                told = place.position();
                quietSince = System.nanoTime();
            } else if (System.nanoTime() - quietSince > config.heartbeat().toNanos()) {
                stream.send(sse.newEventBuilder().comment("still here").build());
                quietSince = System.nanoTime();
            }
            seat.await(LOOK);
            try {
                // Its time may be over: then this takes it out of the queue.
                place = seat.handed().map(Place::granted).orElse(null);
                place = place != null ? place : acquiring.lookOrGiveUp(id, person);
            } catch (ProblemException gone) {
                stream.send(event(sse, "gone", Map.of("id", id)));
                return;
            }
        }
    }

    private static OutboundSseEvent event(Sse sse, String name, Object data) {
        return sse.newEventBuilder()
                .name(name)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(data.getClass(), data)
                .build();
    }
}
