package io.skein.audit.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EntryFactoryTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456789Z");

    @Test
    void whatItConcernsAndUsedIsPulledOut() {
        Entry entry = from("""
                {"record":{"steps":[{"playbook":"uptime-kuma/deploy.yml","hosts":["nas01","web01"]}],
                 "usage":{"wallMillis":1200}},"resourceIds":["host:nas01"],"hosts":{"nas01":{"ok":1}}}""");

        assertEquals(
                List.of("the subject", "host:nas01", "uptime-kuma/deploy.yml", "nas01", "web01"), entry.resources());
        assertEquals(1200, entry.usage().get("wallMillis").asInt());
        assertEquals("failed", entry.status());
        assertEquals("2026-11-21T10:00:00.123456Z", entry.recordedAt().toString());
    }

    /** AUD-01: as runtime-service tells of it. */
    @Test
    void aCallOfAModelIsAnEntryWithWhatItUsed() {
        SkeinEvent event = SkeinEvent.of(EventTypes.RUNTIME_MODEL_CALLED)
                .source("/runtime-service")
                .subject("01890a5d-ac96-774b-bcce-b302099a8057")
                .actor("agent:thinker")
                .owner("ada")
                .traceId("0af7651916cd43dd8448eb211c80319c")
                .data(WireFormat.read(
                        "{\"agent\":\"thinker\",\"model\":\"m\",\"outcome\":\"answered\",\"usage\":{\"wall_millis\":812,"
                                + "\"tokens_in\":100,\"tokens_out\":20,\"cost_usd\":0.00015}}",
                        Object.class))
                .build();
        Entry entry = EntryFactory.from(event, null, NOW);
        assertEquals("called", entry.status());
        assertEquals("ada", entry.owner());
        assertEquals(100, entry.usage().get("tokens_in").asInt(), "redacted as if it were a secret");
        assertEquals(812, entry.usage().get("wall_millis").asInt());
        assertTrue(entry.resources().contains("thinker"), entry.resources()::toString);
        assertEquals("failed", EntryFactory.status(EventTypes.RUNTIME_MODEL_FAILED));
    }

    @Test
    void secretsNeverReachTheEntry() {
        String token = "ghp_" + "A1b2C3d4".repeat(5);
        SkeinEvent event = SkeinEvent.of("custom.happened")
                .source("/test")
                .subject("with " + token)
                .actor("x " + token)
                .data(WireFormat.read("{\"password\":\"hunter2\",\"log\":\"" + token + "\"}", Object.class))
                .build();

        String written =
                WireFormat.writeString(EntryFactory.from(event, null, NOW).chained(1, "0".repeat(64)));

        assertFalse(written.contains(token), written);
        assertFalse(written.contains("hunter2"), written);
    }

    /** The hash was computed outside of this code, over the canonical JSON of an entry as it was before entries had owners. */
    @Test
    void anEntryWithoutAnOwnerHasTheHashItAlwaysHad() {
        assertEquals(
                "4c174f69c026755c0b8688120df06ff41172394672c1e5674b71e5168e5a7a4b",
                owned(null).computedHash());
        assertFalse(owned("ada").computedHash().equals(owned(null).computedHash()));
        assertFalse(owned("ada").computedHash().equals(owned("eve").computedHash()));
        assertTrue(owned("ada").chained(3, "0".repeat(64)).belongsAt(3));
    }

    private static Entry owned(String owner) {
        return new Entry(
                Entry.MAIN,
                7,
                UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
                Instant.parse("2026-11-20T10:00:00Z"),
                Instant.parse("2026-11-20T10:00:00.123456Z"),
                "/orchestrator-service",
                EventTypes.PLAN_APPROVED,
                "approved",
                "x",
                "default",
                owner,
                "ada",
                null,
                null,
                null,
                List.of("x"),
                null,
                WireFormat.read("{\"version\":1}", com.fasterxml.jackson.databind.JsonNode.class),
                "0".repeat(64),
                null);
    }

    @Test
    void theStatusIsTheLastWord() {
        assertEquals("granted", EntryFactory.status(EventTypes.LOCK_GRANTED));
        assertEquals("signed_in", EntryFactory.status(EventTypes.AUTH_SIGNED_IN));
        assertEquals("signed_out", EntryFactory.status(EventTypes.AUTH_SIGNED_OUT));
        assertEquals("failed", EntryFactory.status(EventTypes.AUTH_SIGN_IN_FAILED));
    }

    @Test
    void impossibleTimesAreRefused() {
        SkeinEvent event =
                SkeinEvent.of("x.y").source("/test").time(Instant.MAX).build();

        assertThrows(MalformedMessageException.class, () -> EntryFactory.from(event, null, NOW));
    }

    @Test
    void everyFieldIsHashed() {
        Entry entry = from("{\"a\":1}").chained(7, "1".repeat(64));
        assertTrue(entry.belongsAt(7));
        assertFalse(entry.belongsAt(8));
        assertNull(from("{}").hash());
        String hash = entry.hash();
        Entry other = new Entry(
                entry.partition(),
                7,
                entry.id(),
                entry.at(),
                entry.recordedAt(),
                entry.source(),
                entry.type(),
                entry.status(),
                entry.subject(),
                "another team",
                entry.owner(),
                entry.actor(),
                entry.traceId(),
                entry.planId(),
                entry.taskId(),
                entry.resources(),
                entry.usage(),
                entry.data(),
                entry.previousHash(),
                hash);
        assertFalse(hash.equals(other.computedHash()));
    }

    @Test
    void textIsFoundInsideNames() {
        assertTrue(SearchWords.index(from("{\"playbook\":\"uptime-kuma/deploy.yml\"}"))
                .contains("uptime kuma deploy yml"));
        assertEquals("uptime & kuma:*", SearchWords.query("Uptime-Kuma"));
        assertThrows(ProblemException.class, () -> SearchWords.query("!|&()"));
    }

    @Test
    void cellsAreQuotedAndHarmless() {
        assertEquals("\"a,\"\"b\"\"\"", EntryExport.cell("a,\"b\""));
        assertEquals("'=cmd()", EntryExport.cell("=cmd()"));
        assertEquals("", EntryExport.cell(null));
    }

    private static Entry from(String data) {
        SkeinEvent event = SkeinEvent.of(EventTypes.STEP_FAILED)
                .source("/test")
                .subject("the subject")
                .planId(UUID.randomUUID())
                .data(WireFormat.read(data, Object.class))
                .build();
        return EntryFactory.from(event, null, NOW);
    }
}
