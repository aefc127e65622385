package io.skein.runtime.skill;

import io.skein.lockclient.LockCalls;
import io.skein.platform.auth.ServiceTokens;
import io.skein.platform.http.Trace;
import io.skein.platform.tls.FleetTls;
import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/** The way to the lock service, as this service. */
class LockAccess {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Where the lock service is. */
    @ConfigMapping(prefix = "skein.lock-client")
    interface LockAccessConfig {

        /** Environment: {@code SKEIN_LOCK_URL}. */
        URI url();
    }

    @Produces
    @Singleton
    LockCalls locks(LockAccessConfig config, ServiceTokens tokens, FleetTls tls) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(tls.context())
                .build();
        return new LockCalls(http, config.url(), tokens::current, () -> Trace.traceparent(Trace.newId()));
    }
}
