package io.skein.platform.net;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What calls to addresses that people give may reach, and how long and how large they may get. */
@ConfigMapping(prefix = "skein.outbound")
public interface OutboundConfig {

    /**
     * What is reachable although it is not on the public internet: CIDRs ({@code 192.168.1.0/24}), names ({@code git.home.lan}) and
     * domains ({@code .home.lan}), with commas. A name opens private networks only; this machine itself, link-local and metadata
     * addresses need their CIDR. Environment: {@code SKEIN_OUTBOUND_ALLOW}.
     */
    Optional<List<String>> allow();

    /** Schemes, with commas. Environment: {@code SKEIN_OUTBOUND_SCHEMES}. */
    @WithDefault("https,http")
    List<String> schemes();

    /** For the whole call, redirects included. Environment: {@code SKEIN_OUTBOUND_TIMEOUT}. */
    @WithDefault("10s")
    Duration timeout();

    /** Of an answer's body. Environment: {@code SKEIN_OUTBOUND_MAX_BODY}. */
    @WithDefault("1M")
    MemorySize maxBody();

    /** Redirects followed, each held against the policy. Environment: {@code SKEIN_OUTBOUND_MAX_REDIRECTS}. */
    @WithDefault("3")
    int maxRedirects();
}
