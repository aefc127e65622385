package io.skein.frontdoor.limits;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Counts in Redis, by one script for all quotas of a request: between looking and counting nobody else looks, and a request that
 * one quota refuses uses up nothing of the others. Sliding window log: per quota the times of the requests that passed within
 * the window, at most {@code limit} of them, oldest first. So the limit is kept for every stretch of time as long as the window;
 * a token bucket, GCRA too, would let nearly twice as many pass in the worst one.
 */
final class RedisQuotas {

    /** {@link #now} when Redis' own clock counts: the only one that all front doors share. */
    static final Supplier<String> REDIS_TIME = () -> "";

    /**
     * KEYS: one list per quota. ARGV: the time in ms or nothing for Redis' own, then limit and window (ms) of each. Answers: the
     * number of the refusing quota or 0, whether it refused for the first time in its window, the number of the quota to tell
     * of, what it has left, ms until it has one more.
     */
    static final String SCRIPT = """
            local now = tonumber(ARGV[1])
            if not now then
              local time = redis.call('TIME')
              now = time[1] * 1000 + math.floor(time[2] / 1000)
            end
            local refused, wait = 0, 0
            local told, left, reset
            for i, key in ipairs(KEYS) do
              local limit, window = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
              local oldest = tonumber(redis.call('LINDEX', key, 0) or nil)
              while oldest and oldest <= now - window do
                redis.call('LPOP', key)
                oldest = tonumber(redis.call('LINDEX', key, 0) or nil)
              end
              local used = redis.call('LLEN', key)
              if used >= limit then
                local room = redis.call('LINDEX', key, used - limit) + window - now
                if room > wait then refused, wait = i, room end
              elseif not left or limit - used - 1 < left then
                told, left, reset = i, limit - used - 1, (oldest or now) + window - now
              end
            end
            if refused > 0 then
              local first = redis.call('SET', KEYS[refused] .. ':told', '1', 'NX', 'PX', ARGV[2 * refused + 1])
              return {refused, first and 1 or 0, refused, 0, wait}
            end
            for i, key in ipairs(KEYS) do
              redis.call('RPUSH', key, string.format('%d', now))
              redis.call('PEXPIRE', key, ARGV[2 * i + 1])
            end
            return {0, 0, told, left, reset}
            """;

    private final RedisLink link;
    private final Supplier<String> now;

    RedisQuotas(RedisLink link, Supplier<String> now) {
        this.link = link;
        this.now = now;
    }

    /** Counts one request. Fails at once while Redis is away. */
    Future<Verdict> take(List<Quota> quotas) {
        return link.script(keys -> call(keys, quotas)).map(answer -> verdict(answer, quotas));
    }

    private Request call(RedisLink.Script script, List<Quota> quotas) {
        Request request = Request.cmd(script.bySha() ? Command.EVALSHA : Command.EVAL)
                .arg(script.text())
                .arg(quotas.size());
        quotas.forEach(quota -> request.arg(quota.key()));
        request.arg(now.get());
        quotas.forEach(quota -> request.arg(quota.limit()).arg(quota.window().toMillis()));
        return request;
    }

    private static Verdict verdict(Response answer, List<Quota> quotas) {
        return new Verdict(
                answer.get(0).toInteger() == 0,
                quotas.get(answer.get(2).toInteger() - 1),
                answer.get(3).toLong(),
                Duration.ofMillis(answer.get(4).toLong()),
                answer.get(1).toInteger() == 1);
    }
}
