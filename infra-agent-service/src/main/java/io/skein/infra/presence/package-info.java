/** Tells the registry that this agent lives, what it can do and how busy it is. Depends on {@code agent} and {@code run}. */
package io.skein.infra.presence;
