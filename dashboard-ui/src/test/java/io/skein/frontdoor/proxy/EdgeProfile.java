package io.skein.frontdoor.proxy;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** One origin on the list, small and short WebSockets, a runtime service that speaks them. */
public class EdgeProfile implements QuarkusTestProfile {

    static final String ALLOWED = "https://portal.example";
    static final int MAX_MESSAGE = 64 * 1024;
    static final int PER_USER = 3;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "SKEIN_FRONTDOOR_CORS_ORIGINS",
                ALLOWED + ", https://other.example:8443",
                "SKEIN_FRONTDOOR_WEBSOCKET_MAX_MESSAGE",
                Integer.toString(MAX_MESSAGE),
                "SKEIN_FRONTDOOR_WEBSOCKET_IDLE",
                "2s",
                "SKEIN_FRONTDOOR_WEBSOCKET_PER_USER",
                Integer.toString(PER_USER));
    }
}
