package io.skein.lockclient;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A lock as the service answers it.
 *
 * @param fencingTokens per resource: hand it on with the work, so that whoever acts can refuse one that is older than the newest seen
 * @param ttlSeconds from the grant or the last renewal on; null from a service that does not say
 * @param remainingMillis what was left of its time when the service answered; null from a service that does not say
 * @param expiresAt by the database's clock: for people, not for comparing with this machine's clock
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Lock(
        String id,
        String status,
        String requestId,
        List<String> resourceIds,
        Map<String, Long> fencingTokens,
        String ownerId,
        Integer ttlSeconds,
        Long remainingMillis,
        Instant expiresAt) {

    public Lock {
        resourceIds = resourceIds == null ? List.of() : List.copyOf(resourceIds);
        fencingTokens = fencingTokens == null ? Map.of() : Map.copyOf(fencingTokens);
    }
}
