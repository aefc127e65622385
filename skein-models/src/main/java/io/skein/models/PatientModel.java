package io.skein.models;

import io.skein.contracts.error.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;

/** Asks again, up to three times, after waiting longer each time and never shorter than the provider asked for, within the time. */
public final class PatientModel implements LanguageModel {

    private static final int RETRIES = 3;

    private final LanguageModel model;
    private final Duration firstPause;

    /** @param firstPause doubled each time, and of that a random half to all of it */
    public PatientModel(LanguageModel model, Duration firstPause) {
        this.model = model;
        this.firstPause = firstPause;
    }

    @Override
    public Reply ask(Question question) throws ModelFailure {
        long deadline = System.nanoTime() + question.within().toNanos();
        for (int attempt = 0; ; attempt++) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            try {
                if (left.toMillis() <= 0) {
                    throw new ModelFailure(
                            ErrorCode.UPSTREAM_TIMEOUT,
                            "The model did not answer in time.",
                            false,
                            Duration.ZERO,
                            null);
                }
                return model.ask(new Question(question.messages(), question.tools(), question.maxTokens(), left));
            } catch (ModelFailure e) {
                Duration pause = pause(attempt, e.retryAfter());
                boolean inTime = System.nanoTime() + pause.toNanos() < deadline;
                if (!e.mayPass() || attempt >= RETRIES || !inTime) {
                    throw e;
                }
                sleep(pause);
            }
        }
    }

    private Duration pause(int attempt, Duration asked) {
        long longest = firstPause.toMillis() << attempt;
        long own = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
        return Duration.ofMillis(Math.max(own, asked.toMillis()));
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the model is not waited for any more");
        }
    }
}
