/**
 * Who may touch a resource now. Locks are leases with a fencing token.
 *
 * <p>PostgreSQL is the only truth: resources, tokens, leases and queue are rows, each operation is one function of the database and one
 * transaction under the row locks of its resources, and the fencing token is a committed row. Redis is not used: a fast path in it would
 * be a second truth, and the durable row, which is the slow part, would have to be written all the same (ADR 19).
 *
 * <p>Resource names belong to a team: {@code host:nas01} of one team and of another are two resources, and nobody learns of the
 * other's.
 */
package io.skein.lock;
