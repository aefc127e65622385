package io.skein.orchestrator.llm;

import io.opentelemetry.api.trace.Span;
import io.skein.models.LanguageModel;
import io.skein.models.ModelFailure;
import io.skein.models.Prices;
import io.skein.orchestrator.llm.CallBook.Opening;
import io.skein.orchestrator.llm.CallBook.Result;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

/**
 * One question, asked of the providers of its chain until one gives an answer that can be read. Each call opens in the books before it
 * is made, with the most it can cost, and is settled however it ends.
 */
@ApplicationScoped
class LlmGateway implements Models {

    private static final Logger LOG = Logger.getLogger(LlmGateway.class);

    /** A person waits for it, and the front door no longer than 30 s. */
    private static final Duration CHAT_TIME = Duration.ofSeconds(25);

    private static final Duration REVIEW_TIME = Duration.ofMinutes(2);

    /** What a provider adds around what it is asked. */
    private static final long FRAME_TOKENS = 500;

    private final Providers providers;
    private final LlmConfig config;
    private final CallBook book;
    private final LlmMetrics metrics;
    private final ModelSpans spans;

    @Inject
    LlmGateway(Providers providers, LlmConfig config, CallBook book, LlmMetrics metrics, ModelSpans spans) {
        this.providers = providers;
        this.config = config;
        this.book = book;
        this.metrics = metrics;
        this.spans = spans;
    }

    /** How one provider did. */
    private sealed interface Attempt<T> {
        record Good<T>(T value) implements Attempt<T> {}

        /** @param why for a person */
        record Bad<T>(String why) implements Attempt<T> {}
    }

    @Override
    public boolean anyFor(Purpose purpose) {
        return !providers.chain(purpose).isEmpty();
    }

    @Override
    public <T> Outcome<T> ask(Ask ask, Reading<T> reading) {
        List<Provider> chain = providers.chain(ask.purpose());
        if (chain.isEmpty()) {
            return new Outcome.Unanswered<>(
                    providers.all().isEmpty()
                            ? "no LLM is configured"
                            : "SKEIN_LLM_CHAIN_" + ask.purpose() + " names no LLM that is configured");
        }
        long begun = System.nanoTime();
        boolean answered = false;
        try {
            Outcome<T> outcome = asked(ask, reading, chain);
            answered = outcome instanceof Outcome.Answered<T>;
            return outcome;
        } catch (java.util.concurrent.CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            // The books are away, say. Whoever asked can do without an answer.
            LOG.warnf(e, "no LLM could be asked for a %s", ask.purpose().wire());
            return new Outcome.Unanswered<>("no LLM could be asked");
        } finally {
            metrics.asked(ask.purpose(), answered, System.nanoTime() - begun);
        }
    }

    private <T> Outcome<T> asked(Ask ask, Reading<T> reading, List<Provider> chain) {
        long deadline = System.nanoTime() + within(ask.purpose()).toNanos();
        book.closeLost();
        Route route = Route.choose(
                chain, new Route.Situation(ask.complex(), ask.highValue(), quotaLeft(chain), config.lowQuota()));
        List<String> troubles = new ArrayList<>();
        for (Provider provider : route.order()) {
            ConfiguredProvider next = providers.get(provider);
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.toMillis() <= 0) {
                troubles.add("no time was left for " + next.name());
                break;
            }
            Attempt<T> attempt = attempt(next, ask, reading, route.reason(), shorter(left, next.timeout()));
            if (attempt instanceof Attempt.Good<T> good) {
                return new Outcome.Answered<>(good.value(), next.name(), sentence(route.reason(), troubles));
            }
            troubles.add(((Attempt.Bad<T>) attempt).why());
        }
        return new Outcome.Unanswered<>(troubles.isEmpty() ? route.reason() : String.join("; ", troubles));
    }

    private Duration within(Purpose purpose) {
        return switch (purpose) {
            case PLAN -> config.planTime();
            case CHAT -> CHAT_TIME;
            case REVIEW -> REVIEW_TIME;
        };
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String sentence(String reason, List<String> troubles) {
        return troubles.isEmpty() ? reason : reason + "; " + String.join("; ", troubles);
    }

    private <T> Attempt<T> attempt(
            ConfiguredProvider provider, Ask ask, Reading<T> reading, String reason, Duration time) {
        LanguageModel.Question question =
                new LanguageModel.Question(ask.messages(), ask.tools(), config.maxTokens(), time);
        BigDecimal most = provider.prices().cost(guess(question), config.maxTokens());
        Opening opening = book.open(ask, provider, reason, most);
        if (opening instanceof Opening.Refused refused) {
            metrics.refused(provider);
            return new Attempt.Bad<>(provider.name() + " was not asked: " + refused.why());
        }
        Opening.Opened opened = (Opening.Opened) opening;
        long begun = System.nanoTime();
        Result result = Result.of("interrupted");
        boolean withdrawn = false;
        LanguageModel.Reply reply = null;
        Span span = spans.begin(provider, ask);
        try {
            reply = provider.breaker().call(() -> provider.languageModel().ask(question));
            result = Result.of("unusable", provider, reply);
            T value = reading.read(reply);
            result = Result.of(CallBook.ANSWERED, provider, reply);
            return new Attempt.Good<>(value);
        } catch (UnusableAnswerException e) {
            return new Attempt.Bad<>("the answer of " + provider.name() + " was refused: " + e.getMessage());
        } catch (CircuitBreakerOpenException e) {
            withdrawn = true;
            result = Result.of("left_alone");
            return new Attempt.Bad<>(provider.name() + " failed too often and is left alone for a while");
        } catch (ModelFailure e) {
            result = Result.of(e.code().code());
            return new Attempt.Bad<>(provider.name() + ": " + e.getMessage());
        } finally {
            long nanos = System.nanoTime() - begun;
            spans.end(span, result, reply);
            if (withdrawn) {
                book.withdraw(opened);
            } else {
                book.settle(opened, result, TimeUnit.NANOSECONDS.toMillis(nanos));
                metrics.called(provider, ask.purpose(), result, nanos);
            }
        }
    }

    private static long guess(LanguageModel.Question question) {
        return Prices.guess(question.length()) + FRAME_TOKENS;
    }

    /** Fractions of the day's quota that are left, of those that have one. */
    Map<Provider, Double> quotaLeft(List<Provider> chain) {
        Map<Provider, Double> left = new EnumMap<>(Provider.class);
        for (Provider provider : chain) {
            quotaLeft(providers.get(provider)).ifPresent(fraction -> left.put(provider, fraction));
        }
        return left;
    }

    private Optional<Double> quotaLeft(ConfiguredProvider provider) {
        if (provider.dailyTokens() == 0) {
            return Optional.empty();
        }
        long left = provider.dailyTokens() - book.tokensToday(provider.provider());
        return Optional.of(Math.max(0, (double) left / provider.dailyTokens()));
    }
}
