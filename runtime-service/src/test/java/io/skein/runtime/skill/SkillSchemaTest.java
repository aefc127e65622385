package io.skein.runtime.skill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** RUN-02: what is asked of an input, also by a schema that a stranger wrote. */
class SkillSchemaTest {

    @Test
    void violationsNameWhereAndWhat() {
        List<String> violations =
                SkillSchema.violations(SkillSchema.of("""
                        {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "integer"}}}"""), SkillSchema.of("{\"a\": \"x\", \"b\": 1}"));
        assertEquals(2, violations.size(), violations.toString());
        assertTrue(violations.stream().anyMatch(text -> text.contains("/a")), violations.toString());
    }

    @Test
    void aSchemaIsFetchedFromNowhere() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] schema = "{\"type\": \"string\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, schema.length);
            exchange.getResponseBody().write(schema);
            exchange.close();
        });
        server.start();
        try {
            String reference = "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"http://127.0.0.1:"
                    + server.getAddress().getPort() + "/x\"}}}";
            SkillSchema.violations(SkillSchema.of(reference), SkillSchema.of("{\"a\": 1}"));
            assertEquals(0, asked.get());
            assertEquals(
                    List.of(),
                    SkillSchema.violations(SkillSchema.tamed(SkillSchema.of(reference)), SkillSchema.of("{\"a\": 1}")));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aStrangersExpressionsAndLoopsDoNoHarm() {
        String slow = "a".repeat(40) + "!";
        long begun = System.nanoTime();
        SkillSchema.violations(
                SkillSchema.tamed(SkillSchema.of("""
                        {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}},
                         "patternProperties": {"^(b+)+$": {}}}""")),
                SkillSchema.of("{\"a\": \"" + slow + "\", \"" + "b".repeat(40) + "!\": 1}"));
        assertFalse(SkillSchema.violations(SkillSchema.of("{\"$ref\": \"#\"}"), SkillSchema.of("{}"))
                .isEmpty());
        assertTrue(System.nanoTime() - begun < 60_000_000_000L);
    }

    @Test
    void aPropertyMayBeCalledLikeAKeyword() {
        var tamed = SkillSchema.tamed(SkillSchema.of("""
                {"type": "object", "properties": {"pattern": {"type": "string"}, "format": {"type": "string"}},
                 "required": ["pattern"]}"""));
        assertEquals(List.of(), SkillSchema.violations(tamed, SkillSchema.of("{\"pattern\": \"x\"}")));
        assertFalse(SkillSchema.violations(tamed, SkillSchema.of("{\"pattern\": 1}"))
                .isEmpty());
    }
}
