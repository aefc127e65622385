/**
 * Real PostgreSQL, Redis and RabbitMQ for one machine: private nodes on loopback with durable data of their own, run by an
 * ordinary user, nothing of the system touched.
 */
package io.skein.local.infrastructure;
