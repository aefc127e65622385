package io.skein.lock.queue;

import io.skein.lock.claim.Claim;
import java.time.Instant;
import java.util.UUID;

/**
 * Somebody in the queue.
 *
 * <pre>
 *             granted (lease id set) ──► told, row deleted
 *            ▲
 *  waiting ──┤
 *            ▼
 *             gone (row deleted): waited long enough, taken out by a person, or its process died
 * </pre>
 *
 * <p>Order: priority, then arrival. A waiter is served when all its resources are free and nobody ahead of it wants one of them,
 * so somebody who waits for many resources is not overtaken for ever by those who want one. The order is total, hence the first
 * waits for holders only, and there is no deadlock.
 *
 * @param seq arrival
 * @param leaseId the lock it was granted, or null
 */
public record Waiter(UUID id, long seq, Claim claim, Instant arrivedAt, UUID leaseId) {}
