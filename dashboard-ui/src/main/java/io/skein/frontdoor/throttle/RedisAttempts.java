package io.skein.frontdoor.throttle;

import io.quarkus.redis.datasource.RedisDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Attempts counted for all replicas together. */
@ApplicationScoped
class RedisAttempts implements AttemptStore {

    private static final String PREFIX = "skein:frontdoor:attempts:";

    /** KEYS: count, block. ARGV: window, free, max delay (ms). The doubling is {@link Limit#delayMillis}, atomically. */
    private static final String ATTEMPT = """
            local wait = redis.call('PTTL', KEYS[2])
            if wait > 0 then return wait end
            local n = redis.call('INCR', KEYS[1])
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            local over = n - tonumber(ARGV[2])
            if over >= 0 then
              local delay = math.min(1000 * 2 ^ math.min(over, 20), tonumber(ARGV[3]))
              redis.call('SET', KEYS[2], '1', 'PX', string.format('%d', delay))
            end
            return 0
            """;

    private static final String TAKE_BACK = """
            if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('DECR', KEYS[1]) <= 0 then redis.call('DEL', KEYS[1]) end
            redis.call('DEL', KEYS[2])
            return 0
            """;

    @Inject
    RedisDataSource redis;

    @Override
    public long attempt(Limit limit) {
        return redis.execute(
                        "EVAL",
                        ATTEMPT,
                        "2",
                        count(limit),
                        block(limit),
                        Long.toString(WINDOW_MILLIS),
                        Integer.toString(limit.free()),
                        Long.toString(limit.maxDelaySeconds() * 1000L))
                .toLong();
    }

    @Override
    public void succeeded(Limit limit) {
        if (limit.resetBySuccess()) {
            redis.execute("DEL", count(limit), block(limit));
        } else {
            redis.execute("EVAL", TAKE_BACK, "2", count(limit), block(limit));
        }
    }

    private static String count(Limit limit) {
        return PREFIX + limit.key();
    }

    private static String block(Limit limit) {
        return PREFIX + limit.key() + ":block";
    }
}
