/**
 * Real parts for tests. {@link io.skein.test.SkeinInfrastructure} gives a test class a database, a vhost and a Redis database
 * of its own on the servers that {@code ./skein infra up} started, and a front door stand-in that signs tokens.
 */
package io.skein.test;
