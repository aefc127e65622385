package io.skein.frontdoor.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApiPathTest {

    @Test
    void theFirstSegmentDecides() {
        assertEquals(new ApiPath.Upstream(Service.LOCK), of("/api/v1/locks"));
        assertEquals(new ApiPath.Upstream(Service.LOCK), of("/api/v1/locks/x/renew"));
        assertInstanceOf(ApiPath.Own.class, of("/api/v1/auth/jwks"));
        assertInstanceOf(ApiPath.Elsewhere.class, of("/plans"));
        assertInstanceOf(ApiPath.Elsewhere.class, of("/apiary"));
        for (String nobodys : List.of("/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/lock", "/api/v1/LOCKS")) {
            assertInstanceOf(ApiPath.Unknown.class, of(nobodys), nobodys);
        }
    }

    @Test
    void aPathThatCanBeReadInTwoWaysIsNeither() {
        assertInstanceOf(ApiPath.Ambiguous.class, ApiPath.of("GET", "/api/v1/plans/../locks", "/api/v1/locks"));
        assertInstanceOf(ApiPath.Ambiguous.class, ApiPath.of("GET", "/web/../api/v1/locks", "/api/v1/locks"));
        assertInstanceOf(ApiPath.Ambiguous.class, ApiPath.of("GET", "/api/v1/../../plans", "/plans"));
        for (String path : List.of("/api/v1/plans;a", "/api/v1/a%5Cb", "/api/v1/a\\b", "/api/v1/plans/%00")) {
            assertInstanceOf(ApiPath.Ambiguous.class, of(path), path);
        }
    }

    @Test
    void onlyADeliveryToAWebhookGoesToItsOutside() {
        String delivery = "/api/v1/webhooks/0190a000-0000-7000-8000-000000000001/deliveries";
        assertEquals(new ApiPath.Delivery(Service.RUNTIME), ApiPath.of("POST", delivery, delivery));
        for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS", "HEAD")) {
            assertEquals(new ApiPath.Upstream(Service.RUNTIME), ApiPath.of(method, delivery, delivery), method);
        }
        for (String other : List.of(
                "/api/v1/webhooks",
                "/api/v1/webhooks/deliveries",
                "/api/v1/webhooks/x/deliveries",
                delivery + "/",
                delivery + "/1",
                delivery.replace("deliveries", "secret"),
                delivery.replace("0190a000", "0190A000"))) {
            assertEquals(new ApiPath.Upstream(Service.RUNTIME), ApiPath.of("POST", other, other), other);
        }
        assertInstanceOf(ApiPath.Ambiguous.class, ApiPath.of("POST", delivery + ";a", delivery + ";a"));
        assertInstanceOf(ApiPath.Ambiguous.class, ApiPath.of("POST", "/api/v1/x/.." + delivery.substring(7), delivery));
    }

    @Test
    void everySegmentHasOneOwner() {
        for (Service service : Service.values()) {
            assertEquals(service, Service.find(service.wire()).orElseThrow());
        }
        assertEquals(Service.RUNTIME, Service.ofSegment("runtime").orElseThrow());
    }

    private static ApiPath of(String path) {
        return ApiPath.of("GET", path, path);
    }
}
