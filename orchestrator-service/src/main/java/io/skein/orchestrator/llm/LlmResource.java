package io.skein.orchestrator.llm;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Jdbi;

/** {@code /api/v1/llm}: who provides models, and what they were asked and cost. */
@Path("/api/v1/llm")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Role.Names.VIEWER)
@Tag(name = "llm")
public class LlmResource {

    @Inject
    Jdbi jdbi;

    @Inject
    Providers providers;

    @Inject
    LlmGateway gateway;

    @Inject
    CallRepository calls;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /**
     * A provider; the embedded planner is the last, and always there.
     *
     * @param purposes what it is asked for, when it is configured
     * @param state closed (it is asked), open (it failed and is left alone), half_open (the next question shows)
     * @param quotaLeft of the day, 0..1; null when it has no quota
     * @param priceInUsd for a million tokens
     */
    public record ProviderView(
            String name,
            String model,
            boolean configured,
            boolean local,
            List<Purpose> purposes,
            String state,
            Double quotaLeft,
            BigDecimal priceInUsd,
            BigDecimal priceOutUsd) {}

    public record ProviderList(List<ProviderView> items) {}

    @GET
    @Path("/providers")
    @Operation(summary = "Who provides models, in the order of the settings")
    public ProviderList providers() {
        List<ProviderView> items = new ArrayList<>();
        for (Provider provider : Provider.values()) {
            items.add(view(provider));
        }
        items.add(new ProviderView(
                "embedded", null, true, true, List.of(Purpose.PLAN), "closed", null, BigDecimal.ZERO, BigDecimal.ZERO));
        return new ProviderList(items);
    }

    private ProviderView view(Provider provider) {
        ConfiguredProvider configured = providers.get(provider);
        if (configured == null) {
            return new ProviderView(
                    provider.wire(), null, false, provider.isLocal(), List.of(), null, null, null, null);
        }
        List<Purpose> purposes = Arrays.stream(Purpose.values())
                .filter(purpose -> providers.chain(purpose).contains(provider))
                .toList();
        return new ProviderView(
                provider.wire(),
                configured.model(),
                true,
                provider.isLocal(),
                purposes,
                configured.breaker().state(),
                gateway.quotaLeft(List.of(provider)).get(provider),
                configured.prices().in(),
                configured.prices().out());
    }

    @GET
    @Path("/usage")
    @Operation(
            summary =
                    "Calls, tokens and cost by provider, user, session, plan or purpose; the own ones, for those who approve the team's")
    public Page<Usage> usage(
            @QueryParam("by") String by,
            @QueryParam("from") String from,
            @QueryParam("to") String to,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after) {
        int limit = Page.size(size);
        UsageBy key = UsageBy.of(by);
        Instant begin = time("from", from, Instant.EPOCH);
        Instant end = time("to", to, clock.instant().plusSeconds(1));
        List<Usage> found =
                jdbi.withHandle(handle -> calls.sums(handle, caller.visibility(), key, begin, end, after, limit + 1));
        return Page.of(found, limit, Usage::key);
    }

    @GET
    @Path("/calls")
    @Operation(summary = "Calls of models, newest first: why which one, and what came of it")
    public Page<LlmCall> calls(
            @QueryParam("planId") String plan,
            @QueryParam("sessionId") String session,
            @QueryParam("size") Integer size,
            @QueryParam("after") String after) {
        int limit = Page.size(size);
        UUID planId = id("planId", plan);
        UUID sessionId = id("sessionId", session);
        UUID cursor = Page.afterId(after);
        List<LlmCall> found = jdbi.withHandle(
                handle -> calls.list(handle, caller.visibility(), planId, sessionId, cursor, limit + 1));
        return Page.of(found, limit, call -> call.id().toString());
    }

    private static UUID id(String field, String text) {
        try {
            return text == null || text.isEmpty() ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(field, "is no id");
        }
    }

    private static Instant time(String field, String text, Instant otherwise) {
        try {
            return text == null || text.isEmpty() ? otherwise : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw ProblemException.invalid(field, "is no time like 2026-01-31T00:00:00Z");
        }
    }
}
