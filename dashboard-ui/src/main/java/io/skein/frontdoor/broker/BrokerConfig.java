package io.skein.frontdoor.broker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** What RabbitMQ asks the front door. */
@ConfigMapping(prefix = "skein.frontdoor.broker")
interface BrokerConfig {

    /**
     * The part of the address that only the broker knows, at least 32 letters and digits; without it nobody is answered.
     * Environment: {@code SKEIN_FRONTDOOR_BROKER_SECRET}.
     */
    Optional<String> secret();

    /** The only virtual host a node or agent may enter. Environment: {@code SKEIN_FRONTDOOR_BROKER_VHOST}. */
    @WithDefault("skein")
    String vhost();
}
