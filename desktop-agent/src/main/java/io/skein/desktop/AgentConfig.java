package io.skein.desktop;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a person can set; every property is also an environment variable ({@code SKEIN_DESKTOP_AGENT_…}). */
@ConfigMapping(prefix = "skein.desktop-agent")
public interface AgentConfig {

    /** Broker, {@code amqp://} or {@code amqps://}; {@code SKEIN_RABBITMQ_URI}. */
    String rabbitmqUri();

    /**
     * This machine's name in the fleet; when not set the one in its broker user, else the host name. {@code
     * SKEIN_DESKTOP_AGENT_NODE}.
     */
    Optional<String> node();

    /** Team the machine belongs to; when not set the one in its broker user. {@code SKEIN_DESKTOP_AGENT_TEAM}. */
    Optional<String> team();

    /**
     * Whether the fleet checks who sends a heartbeat: {@code required}, or {@code off} on a broker with one user for all.
     * {@code SKEIN_MESSAGING_SENDER_CHECK}.
     */
    @WithDefault("required")
    SenderCheck senderCheck();

    /** Values of {@link #senderCheck()}. */
    enum SenderCheck {
        REQUIRED,
        OFF
    }

    /** {@code a=b,c=d}: free labels, shown and matched by the fleet; {@code SKEIN_DESKTOP_AGENT_LABELS}. */
    Optional<String> labels();

    /** Time between heartbeats, 1 s to 1 h; {@code SKEIN_DESKTOP_AGENT_INTERVAL}. */
    @WithDefault("30s")
    Duration interval();

    /** How long nvidia-smi or rocm-smi may take before it is killed; {@code SKEIN_DESKTOP_AGENT_GPU_TIMEOUT}. */
    @WithDefault("4s")
    Duration gpuTimeout();

    /** How long the goodbye may take at shutdown; {@code SKEIN_DESKTOP_AGENT_GOODBYE_TIMEOUT}. */
    @WithDefault("3s")
    Duration goodbyeTimeout();

    /** PEM file with the CAs to believe the broker by, instead of the machine's; {@code SKEIN_TLS_TRUST}. */
    Optional<Path> tlsTrust();

    /** Ids of unsafe settings to start with all the same, with commas; {@code SKEIN_ACCEPT_UNSAFE}. */
    Optional<List<String>> acceptUnsafe();

    /** Address the health endpoint listens on; {@code SKEIN_HTTP_HOST}. */
    @WithDefault("127.0.0.1")
    String httpHost();

    /** Port of the health endpoint, 0 for any free one, -1 for none; {@code SKEIN_HTTP_PORT}. */
    @WithDefault("8090")
    int httpPort();
}
