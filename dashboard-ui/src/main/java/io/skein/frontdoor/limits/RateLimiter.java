package io.skein.frontdoor.limits;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says of each request whether it may go on. Without Redis nothing that may spend money does (a limit nobody counts is none), and
 * everything else is limited by this front door alone (people should be able to see what goes on).
 */
@ApplicationScoped
public class RateLimiter {

    private static final String EVERYBODY = "everybody";

    private final LimitConfig config;
    private final LimitEvents events;
    private final LocalQuotas local;
    private final Vertx vertx;
    private final Connections connections;
    private final Supplier<String> now;
    private RedisLink link;
    private RedisQuotas redis;

    /** Whoever asks. */
    public sealed interface Asker {

        /** Somebody with a valid token. */
        record Person(String id, String name, String team) implements Asker {}

        /** Anybody else. */
        record Address(String address) implements Asker {}
    }

    /** The answer. */
    public sealed interface Admission {

        record Passed(Verdict verdict) implements Admission {}

        record Refused(Verdict verdict) implements Admission {}

        /** It may spend money, and cannot be counted. */
        record Uncounted() implements Admission {}
    }

    /** How Quarkus would connect to Redis: address, password, TLS. */
    @ApplicationScoped
    static class Connections implements RedisOptionsCustomizer {

        private volatile RedisOptions options;

        @Override
        public void customize(String clientName, RedisOptions prepared) {
            options = new RedisOptions(prepared);
        }

        RedisOptions options() {
            return options;
        }
    }

    @Inject
    RateLimiter(LimitConfig config, LimitEvents events, Vertx vertx, Clock clock, Connections connections) {
        this(config, events, vertx, clock, connections, RedisQuotas.REDIS_TIME);
    }

    RateLimiter(
            LimitConfig config,
            LimitEvents events,
            Vertx vertx,
            Clock clock,
            Connections connections,
            Supplier<String> now) {
        this.config = config;
        this.events = events;
        this.local = new LocalQuotas(clock);
        this.vertx = vertx;
        this.connections = connections;
        this.now = now;
    }

    void start(@Observes StartupEvent event) {
        // A limit of nothing, or a window of nothing, is a mistake to hear of now and not at the first request.
        quotas(new Asker.Person("", "", ""), true);
        quotas(new Asker.Address(""), true);
        link = new RedisLink(
                vertx, connections::options, RedisQuotas.SCRIPT, config.redisTimeout(), config.redisRetry());
        redis = new RedisQuotas(link, now);
    }

    void stop(@Observes ShutdownEvent event) {
        link.close();
    }

    /**
     * Counts one request. The future may complete on any thread.
     *
     * @param path as the services read it: decoded as far as they would, without dot segments
     */
    public Future<Admission> admit(Asker asker, String method, String path) {
        boolean spends = asker instanceof Asker.Person
                && config.spendingRoutes().stream().anyMatch(route -> route.matches(method, path));
        List<Quota> quotas = quotas(asker, spends);
        return redis.take(quotas)
                .map(verdict -> answer(asker, verdict))
                .otherwise(away -> spends ? new Admission.Uncounted() : answer(asker, local.take(quotas.getLast())));
    }

    /** Whether Redis is known to be away right now. */
    boolean countsAlone() {
        return link.isAway();
    }

    private Admission answer(Asker asker, Verdict verdict) {
        if (verdict.passed()) {
            return new Admission.Passed(verdict);
        }
        if (verdict.first() && asker instanceof Asker.Person person) {
            events.reached(person, verdict.quota());
        }
        return new Admission.Refused(verdict);
    }

    /** The general one last. */
    private List<Quota> quotas(Asker asker, boolean spends) {
        return switch (asker) {
            case Asker.Person person -> {
                Quota general = new Quota(Quota.Kind.PER_USER, person.id(), config.perUser(), config.window());
                yield spends
                        ? List.of(
                                new Quota(
                                        Quota.Kind.SPENDING_PER_USER,
                                        person.id(),
                                        config.spendingPerUser(),
                                        config.spendingWindow()),
                                new Quota(
                                        Quota.Kind.SPENDING_TOTAL,
                                        EVERYBODY,
                                        config.spendingTotal(),
                                        config.spendingWindow()),
                                general)
                        : List.of(general);
            }
            case Asker.Address address ->
                List.of(new Quota(
                        Quota.Kind.PER_ADDRESS,
                        AddressGroup.of(address.address()),
                        config.perAddress(),
                        config.window()));
        };
    }
}
