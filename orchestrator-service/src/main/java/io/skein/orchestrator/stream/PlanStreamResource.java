package io.skein.orchestrator.stream;

import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.approval.PlanReader;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanEvent;
import io.skein.orchestrator.plan.PlanEventRepository;
import io.skein.orchestrator.plan.PlanSignals;
import io.skein.platform.auth.Role;
import io.skein.platform.http.EventStream;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * {@code /api/v1/plans/{id}/stream}. Every event has its sequence number as id; a reader that lost the connection sends the last
 * one it saw ({@code Last-Event-ID} or {@code after}) and misses nothing, because the events are read from the table.
 */
@Path("/api/v1/plans/{id}/stream")
@RunOnVirtualThread
@Tag(name = "plans")
public class PlanStreamResource {

    private static final Logger LOG = Logger.getLogger(PlanStreamResource.class);
    private static final int BATCH = 200;

    @Inject
    PlanReader reader;

    @Inject
    PlanEventRepository events;

    @Inject
    PlanSignals signals;

    @Inject
    Jdbi jdbi;

    @Inject
    StreamConfig config;

    private Semaphore places;

    @jakarta.annotation.PostConstruct
    void prepare() {
        places = new Semaphore(config.maxStreams());
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed({Role.Names.VIEWER, Role.Names.SERVICE})
    @Operation(summary = "What happens to a plan, live; ends with its last event")
    public void stream(
            @PathParam("id") String id,
            @QueryParam("after") String after,
            @HeaderParam("Last-Event-ID") String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse)
            throws InterruptedException {
        Plan plan = reader.plan(id);
        long seq = lastEventId != null && !lastEventId.isBlank()
                ? PlanReader.sequence("Last-Event-ID", lastEventId)
                : PlanReader.sequence("after", after);
        if (!places.tryAcquire()) {
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE, "Too many live streams are open here. Poll the plan instead, or try again.");
        }
        try (EventStream stream = new EventStream(sink, config.sendTimeout());
                PlanSignals.Waiter waiter = signals.listen(plan.id())) {
            send(plan.id(), seq, stream, sse, waiter);
        } catch (EventStream.ReaderGoneException e) {
            LOG.debugf("stream of plan %s cut: %s", plan.id(), e.getMessage());
        } finally {
            places.release();
        }
    }

    private void send(UUID planId, long after, EventStream stream, Sse sse, PlanSignals.Waiter waiter)
            throws InterruptedException, EventStream.ReaderGoneException {
        long seq = after;
        // Something at once, so that the reader sees the headers and knows it is connected.
        stream.send(sse.newEventBuilder().comment("plan " + planId).build());
        long quietSince = System.nanoTime();
        while (stream.isOpen()) {
            long from = seq;
            List<PlanEvent> batch = jdbi.withHandle(handle -> events.after(handle, planId, from, BATCH));
            for (PlanEvent event : batch) {
                stream.send(sse.newEventBuilder()
                        .id(String.valueOf(event.seq()))
                        .name(event.kind())
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(PlanEvent.class, event)
                        .build());
                seq = event.seq();
                // A plan that was resumed has more to tell after an end.
                if (event.endsStream() && ended(planId, seq)) {
                    return;
                }
            }
            if (!batch.isEmpty()) {
                quietSince = System.nanoTime();
                continue;
            }
            if (ended(planId, seq)) {
                return;
            }
            if (System.nanoTime() - quietSince > config.heartbeat().toNanos()) {
                stream.send(sse.newEventBuilder().comment("still here").build());
                quietSince = System.nanoTime();
            }
            waiter.await(config.poll());
        }
    }

    /** The last event was before the place the reader resumed at: there is nothing to wait for. */
    private boolean ended(UUID planId, long seq) {
        return seq > 0 && jdbi.withHandle(handle -> events.ended(handle, planId, seq));
    }
}
