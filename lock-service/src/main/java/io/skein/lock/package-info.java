/**
 * Who may touch a resource now. Locks are leases with a fencing token.
 *
 * <p>PostgreSQL is the only truth in this form of the service: resources, tokens, leases and queue are rows, a grant is one
 * transaction under the row locks of its resources, and the fencing token is a committed row. Redis is not used; whether a
 * Redis fast path is worth its second truth is left to the measurements of the issue that asks for it.
 *
 * <p>Resource names belong to a team: {@code host:nas01} of one team and of another are two resources, and nobody learns of the
 * other's.
 */
package io.skein.lock;
