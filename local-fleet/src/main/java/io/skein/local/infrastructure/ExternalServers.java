package io.skein.local.infrastructure;

import java.util.Optional;

/**
 * Servers somebody else runs, to be used instead of ours.
 *
 * @param postgres an account that may create roles and databases there
 * @param redisUrl {@code redis://:password@host:port/0}
 * @param rabbitUri {@code amqp://user:password@host:port/vhost}; one account for all services
 */
public record ExternalServers(Optional<PostgresAdmin> postgres, Optional<String> redisUrl, Optional<String> rabbitUri) {
    public static final ExternalServers NONE =
            new ExternalServers(Optional.empty(), Optional.empty(), Optional.empty());

    boolean isEmpty() {
        return postgres.isEmpty() && redisUrl.isEmpty() && rabbitUri.isEmpty();
    }
}
