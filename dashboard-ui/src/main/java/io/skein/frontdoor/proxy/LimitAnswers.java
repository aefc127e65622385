package io.skein.frontdoor.proxy;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.limits.Quota;
import io.skein.frontdoor.limits.RateLimiter.Admission;
import io.skein.frontdoor.limits.Verdict;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Limits as clients see them: {@code RateLimit-Limit}, {@code -Remaining} and {@code -Reset} (seconds) of the limit that is
 * nearest, on every answer, and {@code Retry-After} on a refusal. The three fields of the IETF draft up to its version 5, because
 * they are what clients and libraries read today; the single {@code RateLimit} field that replaced them is still changing.
 */
public final class LimitAnswers {

    private static final String UNCOUNTED =
            "What may spend money on a language model is not taken while Redis, which counts it, is away."
                    + " Everything else works.";

    private LimitAnswers() {}

    /** Puts the headers on the answer and, unless the request may go on, gives it. True when it may. */
    static boolean mayGoOn(RoutingContext context, Admission admission) {
        return switch (admission) {
            case Admission.Passed passed -> {
                describe(context.response(), passed.verdict());
                yield true;
            }
            case Admission.Refused refused -> {
                describe(context.response(), refused.verdict());
                Problems.answer(
                        context,
                        ErrorCode.RATE_LIMITED,
                        sentence(refused.verdict()),
                        Map.of(
                                "limit",
                                refused.verdict().quota().kind().wire(),
                                "retryAfterSeconds",
                                refused.verdict().resetSeconds()));
                yield false;
            }
            case Admission.Uncounted uncounted -> {
                Problems.answer(context, ErrorCode.UNAVAILABLE, UNCOUNTED, Map.of("retryAfterSeconds", 5L));
                yield false;
            }
        };
    }

    /** Why it may not go on, in a sentence; empty when it may. For answers that are no HTTP of their own. */
    public static Optional<String> refusal(Admission admission) {
        return switch (admission) {
            case Admission.Passed passed -> Optional.empty();
            case Admission.Refused refused -> Optional.of(sentence(refused.verdict()));
            case Admission.Uncounted uncounted -> Optional.of(UNCOUNTED);
        };
    }

    private static void describe(HttpServerResponse response, Verdict verdict) {
        response.putHeader("RateLimit-Limit", Integer.toString(verdict.quota().limit()))
                .putHeader("RateLimit-Remaining", Long.toString(verdict.remaining()))
                .putHeader("RateLimit-Reset", Long.toString(verdict.resetSeconds()));
    }

    private static String sentence(Verdict verdict) {
        Quota quota = verdict.quota();
        String rate = quota.limit() + (quota.limit() == 1 ? " request in " : " requests in ") + length(quota.window());
        String limit =
                switch (quota.kind()) {
                    case SPENDING_PER_USER ->
                        "You have made the " + rate
                                + " that one person may make where a language model may be paid for.";
                    case SPENDING_TOTAL ->
                        "Everybody together has made the " + rate
                                + " that are allowed where a language model may be paid for.";
                    case PER_USER -> "You have made the " + rate + " that one person may make.";
                    case PER_ADDRESS ->
                        "Your address has made the " + rate + " that are allowed without a valid token.";
                };
        return limit + " The next one is possible in " + length(Duration.ofSeconds(verdict.resetSeconds())) + ".";
    }

    private static String length(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds % 3600 == 0) {
            return counted(seconds / 3600, "hour");
        }
        return seconds < 120 ? counted(seconds, "second") : counted((seconds + 59) / 60, "minute");
    }

    private static String counted(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
