package io.skein.frontdoor.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** How many requests are passed on. Every number is at least 1; a window slides, so it holds for any stretch of that length. */
@ConfigMapping(prefix = "skein.frontdoor.limit")
public interface LimitConfig {

    /**
     * Calls of one person, in one spending window, of routes that may spend money on a language model. Environment:
     * {@code SKEIN_FRONTDOOR_LIMIT_SPENDING_PER_USER}.
     */
    @WithDefault("100")
    int spendingPerUser();

    /** The same of all people together. Environment: {@code SKEIN_FRONTDOOR_LIMIT_SPENDING_TOTAL}. */
    @WithDefault("10000")
    int spendingTotal();

    /** Environment: {@code SKEIN_FRONTDOOR_LIMIT_SPENDING_WINDOW}. */
    @WithDefault("1h")
    Duration spendingWindow();

    /**
     * The routes that may spend money, separated by commas: a method ({@code *}: any), a space, a path in which {@code *} is one
     * segment and a last {@code **} all that follows. Environment: {@code SKEIN_FRONTDOOR_LIMIT_SPENDING_ROUTES}.
     */
    List<RoutePattern> spendingRoutes();

    /** All calls of one person in one general window. Environment: {@code SKEIN_FRONTDOOR_LIMIT_PER_USER}. */
    @WithDefault("1200")
    int perUser();

    /**
     * Calls without a valid token from one address (IPv6: one /64 network). Environment:
     * {@code SKEIN_FRONTDOOR_LIMIT_PER_ADDRESS}.
     */
    @WithDefault("600")
    int perAddress();

    /** The general window. Environment: {@code SKEIN_FRONTDOOR_LIMIT_WINDOW}. */
    @WithDefault("1m")
    Duration window();

    /**
     * Redis counts as away when it did not answer by then. Environment: {@code SKEIN_FRONTDOOR_LIMIT_REDIS_TIMEOUT}.
     */
    @WithDefault("500ms")
    Duration redisTimeout();

    /** How often Redis is looked for while it is away; no request waits for that. */
    @WithDefault("1s")
    Duration redisRetry();
}
