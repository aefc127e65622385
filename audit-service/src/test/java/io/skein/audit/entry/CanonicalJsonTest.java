package io.skein.audit.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    @Test
    void theHashIsThatOfTheRfcForm() throws Exception {
        JsonNode node = read("{\"b\": [1.0, 1e3, \"\\u20ac\\/\"], \"a\": null, \"\\u00e9\": true}");
        byte[] expected = "{\"a\":null,\"b\":[1,1000,\"€/\"],\"é\":true}".getBytes(StandardCharsets.UTF_8);

        assertEquals(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(expected)),
                CanonicalJson.sha256(node));
    }

    @Test
    void numbersThatWouldHashAlikeBecomeText() {
        JsonNode one = CanonicalJson.storable(read("{\"n\":9007199254740993}"));
        JsonNode other = CanonicalJson.storable(read("{\"n\":9007199254740992}"));

        assertEquals("9007199254740993", one.get("n").textValue());
        assertNotEquals(CanonicalJson.sha256(one), CanonicalJson.sha256(other));
        for (String number :
                new String[] {"-9223372036854775808", "1e400", "123456789012345678901234567890", "1e300"}) {
            assertTrue(
                    CanonicalJson.storable(read("{\"n\":" + number + "}"))
                            .get("n")
                            .isTextual(),
                    number);
            assertFalse(CanonicalJson.isStorable(read("[{\"n\":" + number + "}]")), number);
        }
        for (String number : new String[] {"0", "-1", "0.1", "1.5e-7", "9007199254740991", "-0.0", "1e10"}) {
            assertTrue(
                    CanonicalJson.storable(read("{\"n\":" + number + "}"))
                            .get("n")
                            .isNumber(),
                    number);
        }
    }

    @Test
    void whatTheDatabaseRefusesIsReplaced() {
        assertEquals("a\uFFFDb\uFFFDc", CanonicalJson.storable("a\u0000b\uD800c"));
        assertEquals("😀", CanonicalJson.storable("😀"));
        assertEquals(
                "{\"\uFFFD\":[\"\uFFFD\"]}",
                CanonicalJson.storable(read("{\"\\u0000\":[\"\\udc00\"]}")).toString());
    }

    private static JsonNode read(String json) {
        return WireFormat.read(json, JsonNode.class);
    }
}
