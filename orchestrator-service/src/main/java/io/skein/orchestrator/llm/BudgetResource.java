package io.skein.orchestrator.llm;

import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Role;
import io.skein.platform.messaging.Outbox;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** {@code /api/v1/llm/budgets}: what models may cost, for a team together and for each of its people. */
@Path("/api/v1/llm/budgets")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Role.Names.VIEWER)
@Tag(name = "llm")
public class BudgetResource {

    private static final String EVERYBODY = "";

    /** The cursor of the team's own budget, which comes first; nobody is called so. */
    private static final String AFTER_EVERYBODY = "@";

    private static final Set<String> PERIODS = Set.of("day", "month");
    private static final BigDecimal MOST = new BigDecimal("1000000000");
    private static final Pattern PERSON = Pattern.compile("(agent:)?[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}");

    @Inject
    Jdbi jdbi;

    @Inject
    BudgetRepository budgets;

    @Inject
    Outbox outbox;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /**
     * A budget to set.
     *
     * @param period day or month (UTC)
     * @param softUsd from this on there is a warning; null for none
     * @param hardUsd no more than this is spent; null for no limit
     */
    public record NewBudget(String period, BigDecimal softUsd, BigDecimal hardUsd) {

        void check() {
            if (period == null || !PERIODS.contains(period)) {
                throw ProblemException.invalid("period", "must be day or month");
            }
            amount("softUsd", softUsd);
            amount("hardUsd", hardUsd);
            if (softUsd == null && hardUsd == null) {
                throw ProblemException.invalid("hardUsd", "or softUsd is needed");
            }
            if (softUsd != null && hardUsd != null && softUsd.compareTo(hardUsd) > 0) {
                throw ProblemException.invalid("softUsd", "must not be more than hardUsd");
            }
        }

        private static void amount(String field, BigDecimal amount) {
            if (amount != null && (amount.signum() < 0 || amount.compareTo(MOST) > 0 || amount.scale() > 8)) {
                throw ProblemException.invalid(field, "must be 0 to " + MOST + " with at most 8 decimals");
            }
        }
    }

    @GET
    @Operation(summary = "The team's budget, and the own one; of all people of the team for those who approve")
    public Page<Budget> list(@QueryParam("size") Integer size, @QueryParam("after") String after) {
        int limit = Page.size(size);
        String cursor = AFTER_EVERYBODY.equals(after) ? EVERYBODY : after;
        List<Budget> found = jdbi.withHandle(
                handle -> budgets.list(handle, caller.visibility(), cursor, clock.instant(), limit + 1));
        return Page.of(found, limit, budget -> budget.person() == null ? AFTER_EVERYBODY : budget.person());
    }

    @GET
    @Path("/everybody")
    @Operation(summary = "The budget of everybody of the team together")
    public Response everybody() {
        return answer(found(EVERYBODY));
    }

    @PUT
    @Path("/everybody")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.ADMIN)
    @Operation(summary = "Set the budget of everybody of the team together; If-Match for one that is there")
    public Response putEverybody(@HeaderParam("If-Match") String ifMatch, NewBudget body) {
        return put(EVERYBODY, ifMatch, body);
    }

    @DELETE
    @Path("/everybody")
    @RolesAllowed(Role.Names.ADMIN)
    @Operation(summary = "Remove the budget of everybody of the team together")
    public void deleteEverybody(@HeaderParam("If-Match") String ifMatch) {
        delete(EVERYBODY, ifMatch);
    }

    @GET
    @Path("/users/{name}")
    @Operation(summary = "The budget of one person, or of an agent (agent:<id>)")
    public Response user(@PathParam("name") String name) {
        if (!caller.visibility().covers(caller.team(), name)) {
            throw ProblemException.notFound("such budget");
        }
        return answer(found(name));
    }

    @PUT
    @Path("/users/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.Names.ADMIN)
    @Operation(summary = "Set the budget of one person, or of an agent (agent:<id>); If-Match for one that is there")
    public Response putUser(@PathParam("name") String name, @HeaderParam("If-Match") String ifMatch, NewBudget body) {
        return put(person(name), ifMatch, body);
    }

    @DELETE
    @Path("/users/{name}")
    @RolesAllowed(Role.Names.ADMIN)
    @Operation(summary = "Remove the budget of one person, or of an agent")
    public void deleteUser(@PathParam("name") String name, @HeaderParam("If-Match") String ifMatch) {
        delete(person(name), ifMatch);
    }

    private static String person(String name) {
        if (!PERSON.matcher(name).matches()) {
            throw ProblemException.invalid("name", "is no user name");
        }
        return name;
    }

    private Budget found(String person) {
        return jdbi.withHandle(handle -> budgets.find(handle, caller.team(), person, clock.instant()))
                .orElseThrow(() -> ProblemException.notFound("such budget"));
    }

    private Response put(String person, String ifMatch, NewBudget body) {
        if (body == null) {
            throw new ProblemException(
                    ErrorCode.MALFORMED_BODY, "Send a JSON object with period, softUsd and hardUsd.");
        }
        body.check();
        Budget budget = jdbi.inTransaction(tx -> {
            budgets.keepStill(tx);
            budgets.find(tx, caller.team(), person, clock.instant())
                    .ifPresentOrElse(current -> requireMatch(ifMatch, current), () -> requireNone(ifMatch));
            budgets.put(
                    tx,
                    caller.team(),
                    person,
                    body.period(),
                    body.softUsd(),
                    body.hardUsd(),
                    caller.actor(),
                    clock.instant());
            tell(tx, person, body);
            return budgets.find(tx, caller.team(), person, clock.instant()).orElseThrow();
        });
        return answer(budget);
    }

    private void delete(String person, String ifMatch) {
        jdbi.useTransaction(tx -> {
            budgets.keepStill(tx);
            Budget current = budgets.find(tx, caller.team(), person, clock.instant())
                    .orElseThrow(() -> ProblemException.notFound("such budget"));
            requireMatch(ifMatch, current);
            budgets.delete(tx, caller.team(), person);
            tell(tx, person, null);
        });
    }

    private void tell(Handle tx, String person, NewBudget body) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("budget", person.isEmpty() ? "everybody" : person);
        data.put("period", body == null ? null : body.period());
        data.put("softUsd", body == null ? null : body.softUsd());
        data.put("hardUsd", body == null ? null : body.hardUsd());
        outbox.event(
                tx,
                SkeinEvent.of(EventTypes.LLM_BUDGET_CHANGED)
                        .source("/orchestrator-service")
                        .subject(person.isEmpty() ? "everybody" : person)
                        .time(clock.instant())
                        .team(caller.team())
                        .actor(caller.actor())
                        .owner(person.isEmpty() ? null : person)
                        .traceId(caller.traceId())
                        .data(data)
                        .build());
    }

    private static void requireMatch(String ifMatch, Budget current) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_REQUIRED,
                    "There is such a budget. Send the ETag of what you read as If-Match, so that nobody's change is lost.");
        }
        boolean match = Arrays.stream(ifMatch.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(tag(current)));
        if (!match) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_FAILED, "The budget was changed since you read it. Read it again.");
        }
    }

    private static void requireNone(String ifMatch) {
        if (ifMatch != null && !ifMatch.isBlank()) {
            throw new ProblemException(ErrorCode.PRECONDITION_FAILED, "There is no such budget any more.");
        }
    }

    private static String tag(Budget budget) {
        return "\"" + budget.version() + "\"";
    }

    private static Response answer(Budget budget) {
        return Response.ok(budget).header("ETag", tag(budget)).build();
    }
}
