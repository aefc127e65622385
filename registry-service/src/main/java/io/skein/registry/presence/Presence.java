package io.skein.registry.presence;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.redis.datasource.value.SetArgs;
import io.quarkus.redis.datasource.value.ValueCommands;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** Never the only copy of anything, and never in the way: when Redis fails it is left alone for a few seconds. */
@ApplicationScoped
public class Presence {

    private static final Logger LOG = Logger.getLogger(Presence.class);
    private static final Duration TTL = Duration.ofSeconds(90);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

    /** @param receivedAt the registry's clock */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Seen(Instant receivedAt, Instant sentAt, NodeHeartbeat.Resources resources) {}

    private final ValueCommands<String, String> values;
    private final Clock clock;
    private volatile Instant pausedUntil = Instant.MIN;

    @Inject
    Presence(RedisDataSource redis, Clock clock) {
        this.values = redis.value(String.class);
        this.clock = clock;
    }

    /** False when Redis did not take it: then PostgreSQL has to. */
    public boolean remember(String team, String node, Seen seen) {
        if (paused()) {
            return false;
        }
        try {
            values.set(key(team, node), WireFormat.writeString(seen), new SetArgs().ex(TTL));
            return true;
        } catch (RuntimeException e) {
            pause(e);
            return false;
        }
    }

    public void forget(String team, String node) {
        if (!paused()) {
            try {
                values.getdel(key(team, node));
            } catch (RuntimeException e) {
                pause(e);
            }
        }
    }

    /** What Redis knows of these nodes, keyed by {@link #key}; empty when it is away. */
    public Map<String, Seen> read(Collection<String> keys) {
        if (keys.isEmpty() || paused()) {
            return Map.of();
        }
        try {
            Map<String, Seen> found = new HashMap<>();
            values.mget(keys.toArray(String[]::new)).forEach((key, json) -> {
                if (json != null) {
                    found.put(key, WireFormat.read(json, Seen.class));
                }
            });
            return found;
        } catch (MalformedMessageException e) {
            LOG.warnf("somebody else writes under skein:presence: in this Redis: %s", e.getMessage());
            return Map.of();
        } catch (RuntimeException e) {
            pause(e);
            return Map.of();
        }
    }

    public static String key(String team, String node) {
        return "skein:presence:node:" + team + "/" + node;
    }

    private boolean paused() {
        return clock.instant().isBefore(pausedUntil);
    }

    private void pause(RuntimeException e) {
        pausedUntil = clock.instant().plus(PAUSE_AFTER_FAILURE);
        LOG.warnf("Redis does not answer, heartbeats go to PostgreSQL alone for a while: %s", e.getMessage());
    }
}
