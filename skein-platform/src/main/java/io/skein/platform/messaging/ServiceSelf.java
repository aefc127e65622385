package io.skein.platform.messaging;

import io.quarkus.arc.DefaultBean;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.platform.ServiceConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** A service speaks under its name. */
@DefaultBean
@ApplicationScoped
class ServiceSelf implements Self {

    @Inject
    ServiceConfig service;

    @Override
    public BrokerIdentity identity() {
        return new BrokerIdentity.Service(service.name());
    }
}
