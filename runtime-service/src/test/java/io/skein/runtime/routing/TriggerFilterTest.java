package io.skein.runtime.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.Ids;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.log.LoggedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggerFilterTest {

    private static final LoggedEvent EVENT = new LoggedEvent(
            1,
            Ids.next(),
            "/registry-service",
            "device.offline",
            "nas01.home",
            Priority.HIGH,
            "default",
            "service:registry-service",
            null,
            null,
            null,
            0,
            Instant.EPOCH,
            Instant.EPOCH,
            WireFormat.read("{\"node\":{\"room\":\"attic\"},\"age\":90,\"list\":[1],\"none\":null}", JsonNode.class),
            LoggedEvent.Routing.PENDING,
            List.of(),
            null,
            List.of());

    @ParameterizedTest
    @CsvSource({
        "subject, nas01.home, true",
        "subject, nas*, true",
        "subject, *home, true",
        "subject, n*1*e, true",
        "subject, *, true",
        "subject, **nas**, true",
        "subject, nas01.home*, true",
        "subject, *01*01*, false",
        "subject, *nas01.homes, false",
        "subject, nas01xhome, false",
        "subject, nas, false",
        "priority, high, true",
        "team, red, false",
        "actor, service:*, true",
        "source, /registry-service, true",
        "data.node.room, attic, true",
        "data.age, 90, true",
        "data.age, 9, false",
        "data.list, *, false",
        "data.none, *, false",
        "data.missing, *, false",
        "unknown, *, false",
    })
    void aFilterIsAPathAndAGlob(String path, String glob, boolean accepted) {
        assertEquals(accepted, TriggerFilter.accepts(Map.of(path, glob), EVENT));
    }

    /** One definition could keep everybody's events waiting: with a regular expression this takes longer than anybody lives. */
    @Test
    void manyStarsAndALongTextAreQuick() {
        LoggedEvent event = LoggedEvent.pending(
                SkeinEvent.of("a.b")
                        .data(Map.of("text", "a".repeat(60_000)))
                        .source("/x")
                        .build(),
                Instant.EPOCH);
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertFalse(TriggerFilter.accepts(Map.of("data.text", "*a".repeat(99) + "*b"), event)));
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertTrue(TriggerFilter.accepts(Map.of("data.text", "*a".repeat(99) + "*"), event)));
    }

    @Test
    void allFiltersMustHold() {
        assertTrue(TriggerFilter.accepts(Map.of("subject", "nas*", "data.age", "90"), EVENT));
        assertFalse(TriggerFilter.accepts(Map.of("subject", "nas*", "data.age", "91"), EVENT));
        assertTrue(TriggerFilter.accepts(Map.of(), EVENT));
        assertTrue(TriggerFilter.accepts(null, EVENT));
    }
}
