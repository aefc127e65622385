package io.skein.frontdoor.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoutePatternTest {

    @Test
    void aStarIsOneSegmentAndTwoAreTheRest() {
        RoutePattern modify = RoutePattern.of("POST /api/v1/plans/*/modify");
        assertTrue(modify.matches("POST", "/api/v1/plans/7/modify"));
        assertTrue(modify.matches("POST", "/api/v1/plans/7/modify/"));
        assertFalse(modify.matches("GET", "/api/v1/plans/7/modify"));
        assertFalse(modify.matches("POST", "/api/v1/plans/modify"));
        assertFalse(modify.matches("POST", "/api/v1/plans/7/8/modify"));
        RoutePattern llm = RoutePattern.of(" * /api/v1/llm/** ");
        assertTrue(llm.matches("POST", "/api/v1/llm/a/b"));
        assertTrue(llm.matches("PUT", "/api/v1/llm"));
        assertFalse(llm.matches("POST", "/api/v1/llms"));
        assertEquals("* /api/v1/llm/**", llm.toString());
    }

    @Test
    void aRouteThatIsWrittenWronglyIsNotQuietlyIgnored() {
        for (String wrong :
                List.of("", "POST", "/api/v1/x", "POST api/v1/x", "POST /a/**/b", "POST /a b", "P0ST /a", "POST ")) {
            assertThrows(IllegalArgumentException.class, () -> RoutePattern.of(wrong), wrong);
        }
    }

    @Test
    void addressesOfOneNetworkCountAsOne() {
        assertEquals("203.0.113.9", AddressGroup.of("203.0.113.9"));
        assertEquals("2001:db8:1:2::/64", AddressGroup.of("2001:db8:1:2:3:4:5:6"));
        assertEquals(AddressGroup.of("2001:DB8:1:2::1"), AddressGroup.of("2001:0db8:0001:0002:aaaa::%eth0"));
        assertEquals("2001:db8:0:0::/64", AddressGroup.of("2001:db8::1"));
        assertEquals("0:0:0:0::/64", AddressGroup.of("::1"));
        assertEquals("203.0.113.9", AddressGroup.of("::ffff:203.0.113.9"));
    }
}
