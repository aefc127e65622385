package io.skein.orchestrator.llm;

import io.skein.contracts.Ids;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.models.LanguageModel;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The books: a call is opened with the most it may cost before it is made, and settled with what it did cost, each in one transaction
 * with the fact that tells the fleet of it (AUD-01). What was open when a process died is settled by another with the most.
 */
@ApplicationScoped
class CallBook {

    static final String ANSWERED = "answered";

    private static final Logger LOG = Logger.getLogger(CallBook.class);
    private static final Duration LOST_AFTER = Duration.ofMinutes(10);
    private static final Duration LOOK_FOR_LOST = Duration.ofMinutes(1);

    private final Jdbi jdbi;
    private final CallRepository calls;
    private final Outbox outbox;
    private final Clock clock;
    private final AtomicReference<Instant> lookAgain = new AtomicReference<>(Instant.MIN);

    @Inject
    CallBook(Jdbi jdbi, CallRepository calls, Outbox outbox, Clock clock) {
        this.jdbi = jdbi;
        this.calls = calls;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Whether a call may be made. */
    sealed interface Opening {
        record Opened(UUID id) implements Opening {}

        /** @param why for a person */
        record Refused(String why) implements Opening {}
    }

    /**
     * How a call ended.
     *
     * @param outcome answered, unusable (it came to nothing we can read), interrupted, lost, or the code of an error
     */
    record Result(String outcome, long tokensIn, long tokensOut, BigDecimal costUsd) {

        static Result of(String outcome) {
            return new Result(outcome, 0, 0, BigDecimal.ZERO);
        }

        static Result of(String outcome, ConfiguredProvider provider, LanguageModel.Reply reply) {
            return new Result(
                    outcome,
                    reply.tokensIn(),
                    reply.tokensOut(),
                    provider.prices().cost(reply.tokensIn(), reply.tokensOut()));
        }
    }

    Opening open(Ask ask, ConfiguredProvider provider, String reason, BigDecimal most) {
        LlmCall call = LlmCall.opened(
                Ids.next(),
                ask.asker(),
                ask.purpose(),
                provider.provider(),
                provider.model(),
                ask.prompt(),
                reason,
                most,
                clock.instant());
        // One statement is a transaction by itself.
        Optional<String> refusedBy = jdbi.withHandle(handle -> calls.open(handle, call));
        return refusedBy
                .<Opening>map(person -> new Opening.Refused(
                        person.isEmpty()
                                ? "the team's budget has no room for it"
                                : "the budget of " + person + " has no room for it"))
                .orElseGet(() -> new Opening.Opened(call.id()));
    }

    /** It was not made after all. */
    void withdraw(Opening.Opened opened) {
        jdbi.useTransaction(tx -> calls.withdraw(tx, opened.id()));
    }

    /** Whatever becomes of who asked: it was made, and has to be paid for. */
    void settle(Opening.Opened opened, Result result, long wallMillis) {
        boolean interrupted = Thread.interrupted();
        try {
            jdbi.useTransaction(tx -> settle(tx, opened.id(), result, wallMillis));
        } catch (RuntimeException e) {
            // It stays open with the most it may cost, and is settled so later: the budget holds.
            LOG.warnf(e, "the LLM call %s cannot be settled now", opened.id());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void settle(Handle tx, UUID id, Result result, long wallMillis) {
        CallRepository.Settled settled = calls.settle(tx, id, result, wallMillis, clock.instant());
        if (settled.call() == null) {
            return;
        }
        outbox.event(tx, event(settled.call()));
        for (String person : settled.warned()) {
            outbox.event(tx, warning(settled.call(), person));
        }
    }

    /** Calls whose process died in the middle: they may have cost the most. At most once a minute. */
    void closeLost() {
        Instant now = clock.instant();
        Instant next = lookAgain.get();
        if (now.isBefore(next) || !lookAgain.compareAndSet(next, now.plus(LOOK_FOR_LOST))) {
            return;
        }
        List<LlmCall> lost = jdbi.withHandle(handle -> calls.openBefore(handle, now.minus(LOST_AFTER)));
        for (LlmCall call : lost) {
            jdbi.useTransaction(tx -> settle(
                    tx,
                    call.id(),
                    new Result("lost", 0, 0, call.reservedUsd()),
                    Duration.between(call.startedAt(), now).toMillis()));
        }
    }

    long tokensToday(Provider provider) {
        Instant midnight = clock.instant()
                .atZone(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .toInstant();
        return jdbi.withHandle(handle -> calls.tokensSince(handle, provider, midnight));
    }

    private SkeinEvent event(LlmCall call) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("callId", call.id());
        data.put("sessionId", call.sessionId());
        data.put("purpose", call.purpose());
        data.put("provider", call.provider());
        data.put("model", call.model());
        data.put("prompt", call.prompt());
        data.put("reason", call.reason());
        data.put("outcome", call.outcome());
        data.put(
                "usage",
                Map.of(
                        "wall_millis", call.wallMillis(),
                        "tokens_in", call.tokensIn(),
                        "tokens_out", call.tokensOut(),
                        "cost_usd", call.costUsd()));
        return told(call.outcome().equals(ANSWERED) ? EventTypes.LLM_CALLED : EventTypes.LLM_FAILED, call)
                .subject(call.id())
                .owner(call.person())
                .data(data)
                .build();
    }

    /** Whose budget it is, is the team's business only when it is the team's. */
    private SkeinEvent warning(LlmCall call, String person) {
        return told(EventTypes.LLM_BUDGET_WARNED, call)
                .subject(person.isEmpty() ? "everybody" : person)
                .owner(person.isEmpty() ? null : person)
                .priority(Priority.NORMAL)
                .data(Map.of("budget", person.isEmpty() ? "everybody" : person))
                .build();
    }

    private SkeinEvent.Builder told(String type, LlmCall call) {
        return SkeinEvent.of(type)
                .source("/orchestrator-service")
                .time(clock.instant())
                .priority(Priority.LOW)
                .team(call.team())
                .actor(call.person())
                .planId(call.planId())
                .traceId(call.traceId());
    }
}
