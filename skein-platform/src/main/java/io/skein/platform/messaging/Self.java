package io.skein.platform.messaging;

import io.skein.contracts.topology.BrokerIdentity;

/** Whom this process speaks for on the broker. The platform's own bean names the service; an agent brings one of its own. */
public interface Self {

    BrokerIdentity identity();

    /** The settings that say so, for whoever has to put them right. */
    default String settings() {
        return "";
    }
}
