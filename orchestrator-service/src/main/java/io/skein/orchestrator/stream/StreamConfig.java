package io.skein.orchestrator.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Live streams. */
@ConfigMapping(prefix = "skein.orchestrator.stream")
public interface StreamConfig {

    /** How many streams this process serves at once; more are answered 503. */
    @WithDefault("500")
    int maxStreams();

    /** A comment is sent this often when nothing happens, so that nobody takes the connection for dead. */
    @WithDefault("15s")
    Duration heartbeat();

    /** How often the database is looked at without a hint: another process may have written. */
    @WithDefault("500ms")
    Duration poll();

    /** How long one event may take to be taken by the reader before the stream is cut; it resumes with Last-Event-ID. */
    @WithDefault("30s")
    Duration sendTimeout();
}
