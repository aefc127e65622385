package io.skein.frontdoor.identity;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * bcrypt on threads of its own. A hash costs a third of a second of CPU: only half of the cores do it, a bounded number wait,
 * and the rest is told to come back, so that a flood of sign-ins cannot stop the proxying.
 */
@ApplicationScoped
class PasswordHasher {

    private static final int WAITING = 64;

    private final int cost;
    private final ThreadPoolExecutor threads;
    private final BCrypt.Hasher hasher;
    private final BCrypt.Verifyer verifier;
    /** Compared with when there is no such user, so that the answer takes as long. */
    private final String nobody;

    @Inject
    PasswordHasher(IdentityConfig config) {
        this.cost = config.bcryptCost();
        // bcrypt reads 72 bytes; a longer password is hashed down to that instead of cut.
        var longPasswords = LongPasswordStrategies.hashSha512(BCrypt.Version.VERSION_2A);
        this.hasher = BCrypt.with(longPasswords);
        this.verifier = BCrypt.verifyer(BCrypt.Version.VERSION_2A, longPasswords);
        int parallel = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.threads = new ThreadPoolExecutor(
                parallel,
                parallel,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("password-hash-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        this.nobody = compute("nobody has this password");
    }

    String hash(String password) {
        return onThread(() -> compute(password));
    }

    /** Takes the same time whether there is a hash or not. */
    boolean matches(String password, Optional<String> hash) {
        boolean same = onThread(() -> verifier.verify(
                        password.getBytes(StandardCharsets.UTF_8),
                        hash.orElse(nobody).getBytes(StandardCharsets.US_ASCII))
                .verified);
        return same && hash.isPresent();
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    private String compute(String password) {
        return new String(hasher.hash(cost, password.getBytes(StandardCharsets.UTF_8)), StandardCharsets.US_ASCII);
    }

    private <T> T onThread(Callable<T> work) {
        try {
            return threads.submit(work).get();
        } catch (RejectedExecutionException e) {
            throw new ProblemException(ErrorCode.UNAVAILABLE, "Too many people are signing in at this moment.")
                    .with("retryAfterSeconds", 5);
        } catch (ExecutionException e) {
            throw new IllegalStateException("hashing failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ErrorCode.UNAVAILABLE, "The front door is stopping.");
        }
    }
}
