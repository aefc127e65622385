package io.skein.audit.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.audit.entry.Entry;
import io.skein.audit.entry.EntryFactory;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FinishedTaskTest {

    private static final UUID STEP = UUID.fromString("0193b2c4-7a1e-7c3d-9b7e-1234567890ab");
    private static final UUID PLAN = UUID.fromString("0193b2c4-7a1e-7c3d-9b7e-1234567890cd");

    @Test
    void theTaskIsNamedByItsId() {
        Optional<FinishedTask> step = Optional.of(new FinishedTask(STEP, TaskRecord.Kind.STEP));
        assertEquals(step, FinishedTask.of(event("step.completed", STEP.toString(), "{\"record\":{}}")));
        assertEquals(step, FinishedTask.of(event("step.failed", "x", "{\"record\":{\"id\":\"" + STEP + "\"}}")));
        assertEquals(
                step, FinishedTask.of(event("step.cancelled", "x", "{\"stepId\":\"" + STEP + "\",\"record\":{}}")));
        assertEquals(
                Optional.of(new FinishedTask(PLAN, TaskRecord.Kind.PLAN)),
                FinishedTask.of(event("plan.rejected", "x", "{\"record\":{}}")));
    }

    @Test
    void otherEventsEndNothing() {
        for (String type :
                new String[] {"step.started", "plan.created", "audit.task.committed", "lock.released", "step"}) {
            assertTrue(
                    FinishedTask.of(event(type, STEP.toString(), "{\"record\":{}}"))
                            .isEmpty(),
                    type);
        }
        assertTrue(
                FinishedTask.of(event("step.completed", STEP.toString(), "{}")).isEmpty());
        assertTrue(FinishedTask.of(event("step.completed", STEP.toString(), "{\"record\":\"text\"}"))
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../etc/passwd",
                "0193b2c4-7a1e-7c3d-9b7e-1234567890a/",
                "..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc/x",
                "",
                "0193b2c47a1e7c3d9b7e1234567890ab"
            })
    void whatIsNoIdNeverBecomesAPath(String evil) {
        assertTrue(FinishedTask.of(event("step.completed", evil, "{\"record\":{\"id\":\"" + evil + "\"}}"))
                .isEmpty());
    }

    @Test
    void theDocumentIsDeterministic() {
        SkeinEvent one =
                event("step.completed", STEP.toString(), "{\"record\":{\"b\":{\"y\":1,\"x\":[]},\"a\":\"é\"}}");
        SkeinEvent two =
                event("step.completed", STEP.toString(), "{\"record\":{\"a\":\"é\",\"b\":{\"x\":[],\"y\":1}}}");
        String document = document(one);

        assertEquals(normalised(document(one), one), normalised(document(two), two));
        assertTrue(document.endsWith("}\n"));
        assertTrue(document.indexOf("\"a\"") < document.indexOf("\"b\""), document);
        assertTrue(document.contains("\"taskId\" : \"" + STEP + "\""), document);
    }

    private static String normalised(String document, SkeinEvent event) {
        return document.replace(event.id().toString(), "").replaceAll("[0-9a-f]{64}", "");
    }

    private static String document(SkeinEvent event) {
        Entry entry = EntryFactory.from(event, STEP, Instant.parse("2026-11-21T10:00:00Z"))
                .chained(1, "0".repeat(64));
        return RecordDocument.of(entry, new FinishedTask(STEP, TaskRecord.Kind.STEP));
    }

    private static SkeinEvent event(String type, String subject, String data) {
        return SkeinEvent.of(type)
                .source("/test")
                .subject(subject)
                .time(Instant.parse("2026-11-21T10:00:00Z"))
                .planId(PLAN)
                .data(WireFormat.read(data, Object.class))
                .build();
    }
}
