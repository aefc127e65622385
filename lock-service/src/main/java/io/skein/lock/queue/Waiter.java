package io.skein.lock.queue;

import io.skein.lock.claim.Claim;
import java.time.Instant;
import java.util.UUID;

/**
 * Somebody in the queue.
 *
 * <pre>
 *             granted: the row goes, a lease with its id comes, in one transaction
 *            ▲
 *  waiting ──┤  (looked after ⇄ left alone: counts until {@code alive_until})
 *            ▼
 *             gone (row deleted): waited long enough, taken out by a person, or nobody came back for it
 * </pre>
 *
 * <p>Order: priority, then arrival. A waiter is served when all its resources are free and nobody ahead of it wants one of them,
 * so somebody who waits for many resources is not overtaken for ever by those who want one. It holds nothing while it waits, and the
 * order is total, hence the first waits for holders only, and there is no deadlock.
 *
 * @param seq arrival
 * @param waitUntil when it gives up
 */
public record Waiter(UUID id, long seq, Claim claim, Instant arrivedAt, Instant waitUntil) {}
