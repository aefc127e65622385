package io.skein.lock.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.problem.ProblemException;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcquireRequestTest {

    private static final AcquireRequest.Sender ADA =
            new AcquireRequest.Sender("ada", "ada", "blue", false, "0af7651916cd43dd8448eb211c80319c");
    private static final AcquireRequest.Sender SERVICE =
            new AcquireRequest.Sender("orchestrator-service", "service:orchestrator-service", "default", true, null);

    @Test
    void resourcesAreDistinctAndInCanonicalOrder() {
        Claim claim =
                read("{\"resourceIds\":[\"host:b\",\"host:a\",\"host:b\"]}").claim(ADA);

        assertEquals(List.of("host:a", "host:b"), claim.resources());
    }

    @Test
    void defaultsAreTheCallerAndAMinute() {
        Claim claim = read("{\"resourceId\":\"host:a\"}").claim(ADA);

        assertEquals("ada", claim.ownerId());
        assertEquals("user", claim.ownerType());
        assertEquals("blue", claim.team());
        assertEquals(60, claim.ttl().toSeconds());
        assertTrue(read("{\"resourceId\":\"host:a\"}").patience().isZero());
        assertEquals(
                7, read("{\"resourceId\":\"a\",\"waitSeconds\":7}").queueing().toSeconds());
    }

    @Test
    void aServiceActsForAnyOwnerAndTeam() {
        UUID plan = UUID.randomUUID();
        Claim claim = read("{\"resourceId\":\"host:a\",\"team\":\"blue\",\"ownerId\":\"plan:" + plan + "\"}")
                .claim(SERVICE);

        assertEquals("blue", claim.team());
        assertEquals("plan:" + plan, claim.ownerId());
        assertTrue(Claim.planId("plan:not-an-id").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"resourceId\":\"\"}",
                "{\"resourceId\":\" \"}",
                "{\"resourceId\":\"a\\u0000b\"}",
                "{\"resourceId\":\"a\\nb\"}",
                "{\"resourceId\":\"a\\ud800b\"}",
                "{\"resourceId\":\"a\",\"resourceIds\":[\"b\"]}",
                "{\"resourceIds\":[]}",
                "{\"resourceIds\":[null]}",
                "{\"resourceId\":\"a\",\"ttlSeconds\":0}",
                "{\"resourceId\":\"a\",\"ttlSeconds\":86401}",
                "{\"resourceId\":\"a\",\"ttlSeconds\":-1}",
                "{\"resourceId\":\"a\",\"waitSeconds\":61}",
                "{\"resourceId\":\"a\",\"waitSeconds\":-1}",
                "{\"resourceId\":\"a\",\"ownerId\":\"\"}",
                "{\"resourceId\":\"a\",\"ownerId\":\"somebody else\"}",
                "{\"resourceId\":\"a\",\"ownerType\":\"agent\"}",
                "{\"resourceId\":\"a\",\"ownerType\":\"Not A Word\"}",
                "{\"resourceId\":\"a\",\"queueSeconds\":86401}",
                "{\"resourceId\":\"a\",\"waitSeconds\":2,\"queueSeconds\":1}",
                "{\"resourceId\":\"a\",\"requestId\":\"\\u0007\"}",
                "{\"resourceId\":\"a\",\"team\":\"green\"}",
                "{\"resourceId\":\"a\",\"metadata\":[1]}",
                "{\"resourceId\":\"a\",\"metadata\":{\"x\":\"\\u0000\"}}",
                "{\"resourceId\":\"a\",\"metadata\":{\"x\":\"\\udc00\"}}"
            })
    void badInputIsRefusedWithTheField(String body) {
        AcquireRequest request = read(body);
        ProblemException problem = assertThrows(ProblemException.class, () -> {
            request.claim(ADA);
            request.queueing();
        });

        assertEquals(ErrorCode.VALIDATION_FAILED, problem.code());
        assertTrue(problem.members().containsKey("violations"));
    }

    @Test
    void limitsAreInclusive() {
        String name = "x".repeat(200);
        assertEquals(
                List.of(name),
                read("{\"resourceId\":\"" + name + "\",\"ttlSeconds\":86400}")
                        .claim(ADA)
                        .resources());
        assertThrows(ProblemException.class, () -> read("{\"resourceId\":\"" + name + "x\"}")
                .claim(ADA));
        List<String> hundred =
                IntStream.range(0, 100).mapToObj(i -> "\"r" + i + "\"").toList();
        assertEquals(
                100,
                read("{\"resourceIds\":" + hundred + "}").claim(ADA).resources().size());
        List<String> more =
                IntStream.range(0, 101).mapToObj(i -> "\"r" + i + "\"").toList();
        assertThrows(ProblemException.class, () -> read("{\"resourceIds\":" + more + "}")
                .claim(ADA));
        assertThrows(ProblemException.class, () -> read("{\"resourceId\":\"a\",\"metadata\":{\"x\":\""
                        + "y".repeat(4096) + "\"}}")
                .claim(ADA));
    }

    private static AcquireRequest read(String json) {
        return WireFormat.read(json, AcquireRequest.class);
    }
}
