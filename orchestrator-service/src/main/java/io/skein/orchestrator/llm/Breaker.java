package io.skein.orchestrator.llm;

import io.skein.models.LanguageModel;
import io.skein.models.ModelFailure;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.TypedGuard;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/** Stops asking a provider that failed again and again, and lets one question through after a while to see whether it is back. */
final class Breaker {

    private final TypedGuard<LanguageModel.Reply> guard;
    private final String name;

    /** @param failures questions in a row, each with its repetitions */
    Breaker(String provider, int failures, Duration delay) {
        name = "llm-" + provider;
        guard = TypedGuard.create(LanguageModel.Reply.class)
                .withDescription(name)
                .withCircuitBreaker()
                .requestVolumeThreshold(failures)
                .failureRatio(1.0)
                .delay(delay.toMillis(), ChronoUnit.MILLIS)
                .successThreshold(1)
                .when(ModelFailure.class::isInstance)
                .name(name)
                .done()
                .build();
    }

    /** @throws CircuitBreakerOpenException when it was not even asked */
    LanguageModel.Reply call(Callable<LanguageModel.Reply> question) throws ModelFailure {
        try {
            return guard.call(question);
        } catch (ModelFailure | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** closed (it is asked), open (it is not), half_open (the next question shows). */
    String state() {
        return CircuitBreakerMaintenance.get().currentState(name).name().toLowerCase(Locale.ROOT);
    }
}
