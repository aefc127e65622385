package io.skein.runtime;

import io.quarkus.runtime.configuration.MemorySize;
import io.skein.platform.net.OutboundConfig;
import io.skein.platform.net.OutboundHttp;
import io.skein.platform.net.OutboundPolicy;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Calls to outside as a service makes them, with an operator's allow-list. */
public final class Outbound {

    private record Config(Optional<List<String>> allow) implements OutboundConfig {

        @Override
        public List<String> schemes() {
            return List.of("https", "http");
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(20);
        }

        @Override
        public MemorySize maxBody() {
            return new MemorySize(BigInteger.valueOf(1024 * 1024));
        }

        @Override
        public int maxRedirects() {
            return 3;
        }
    }

    private Outbound() {}

    public static OutboundHttp opened(Vertx vertx, String... networks) {
        OutboundConfig config = new Config(Optional.of(List.of(networks)));
        return new OutboundHttp(new OutboundPolicy(config), config, vertx);
    }
}
