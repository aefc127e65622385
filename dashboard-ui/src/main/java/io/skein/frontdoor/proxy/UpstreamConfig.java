package io.skein.frontdoor.proxy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where the services are, and how long the front door waits for them. */
@ConfigMapping(prefix = "skein.frontdoor.upstream")
public interface UpstreamConfig {

    /** Environment: {@code SKEIN_ORCHESTRATOR_URL}. */
    URI orchestrator();

    /** Environment: {@code SKEIN_REGISTRY_URL}. */
    URI registry();

    /** Environment: {@code SKEIN_RUNTIME_URL}. */
    URI runtime();

    /** Environment: {@code SKEIN_LOCK_URL}. */
    URI lock();

    /** Environment: {@code SKEIN_AUDIT_URL}. */
    URI audit();

    /** Environment: {@code SKEIN_INFRA_AGENT_URL}. */
    URI infraAgent();

    /** Until a connection stands. Environment: {@code SKEIN_FRONTDOOR_CONNECT_TIMEOUT}. */
    @WithDefault("2s")
    Duration connectTimeout();

    /**
     * Until the head of the answer, and between two parts of its body; event streams may be silent for as long as they like.
     * Environment: {@code SKEIN_FRONTDOOR_RESPONSE_TIMEOUT}.
     */
    @WithDefault("30s")
    Duration responseTimeout();

    /** The same for calls that wait on purpose: taking a lock may wait a minute in the queue. */
    @WithDefault("75s")
    Duration longCallTimeout();

    /** Connections to one service for calls; more wait. */
    @WithDefault("64")
    int maxConnections();

    /** Calls that may wait for a connection before the next is refused with 503. */
    @WithDefault("256")
    int maxWaiting();

    /** Event streams open at once to one service. */
    @WithDefault("2000")
    int maxStreams();
}
