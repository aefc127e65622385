package io.skein.frontdoor.limits;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Limits a test can reach. */
public class SmallLimits implements QuarkusTestProfile {

    public static final int SPENDING = 5;
    static final int GENERAL = 40;
    static final int ADDRESS = 60;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "SKEIN_FRONTDOOR_LIMIT_SPENDING_PER_USER", Integer.toString(SPENDING),
                "SKEIN_FRONTDOOR_LIMIT_PER_USER", Integer.toString(GENERAL),
                "SKEIN_FRONTDOOR_LIMIT_PER_ADDRESS", Integer.toString(ADDRESS),
                "SKEIN_FRONTDOOR_LIMIT_WINDOW", "1h");
    }
}
