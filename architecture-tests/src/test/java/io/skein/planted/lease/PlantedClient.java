package io.skein.planted.lease;

import io.skein.foreign.ForeignService;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** A client everybody may use, which needs a class of another service. */
@RegisterRestClient(configKey = "planted")
public interface PlantedClient {
    ForeignService service();
}
