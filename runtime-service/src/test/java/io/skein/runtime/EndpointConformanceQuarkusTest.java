package io.skein.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.test.EndpointConformance;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** FRONT-01, FRONT-02: no endpoint of this service lets a token in that is not quite right, nor a viewer change anything. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class EndpointConformanceQuarkusTest {

    /** Whoever delivers proves it in the body's signature: WebhookQuarkusTest. */
    private static final String DELIVERIES = "POST /api/v1/webhooks/{id}/deliveries";

    @TestHTTPResource
    URI address;

    @Test
    void everyEndpointVerifiesTheTokenByItself() {
        assertEquals(List.of(), EndpointConformance.of(address).complaints(Set.of(DELIVERIES)));
    }

    @Test
    void viewersChangeNothing() {
        assertEquals(List.of(), EndpointConformance.of(address).complaintsOfViewers(Set.of(DELIVERIES)));
    }
}
