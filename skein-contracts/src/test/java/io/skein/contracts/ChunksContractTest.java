package io.skein.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.Chunks;
import io.skein.contracts.agent.WorkChunk;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.wire.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is long travels in parts, and only what the parts really make is believed. */
class ChunksContractTest {

    private static AgentMessage message(int noticeLength) {
        return AgentMessage.create(
                "infra-agent-1",
                "orchestrator",
                null,
                Ids.next(),
                new WorkResult(
                        Ids.next(),
                        Ids.next(),
                        WorkResult.Outcome.COMPLETED,
                        0,
                        null,
                        1,
                        Map.of(),
                        List.of("ä".repeat(noticeLength)),
                        List.of(),
                        null,
                        null,
                        null));
    }

    private static List<byte[]> data(List<AgentMessage> parts) {
        return parts.stream().map(part -> ((WorkChunk) part.payload()).data()).toList();
    }

    @Test
    void whatIsShortStaysWhole() {
        AgentMessage message = message(1000);
        assertEquals(List.of(message), Chunks.split(message));
    }

    @Test
    void whatIsLongerThanAMebibyteTravelsInPartsOf256KiB() {
        AgentMessage message = message(700_000);
        List<AgentMessage> parts = Chunks.split(message);
        assertEquals(6, parts.size());
        for (AgentMessage part : parts) {
            WorkChunk chunk = (WorkChunk) AgentMessage.fromJson(part.toJson()).payload();
            Chunks.check(chunk);
            assertTrue(chunk.index() == 5 || chunk.data().length == Chunks.CHUNK_BYTES);
            assertEquals(message.requestId(), part.requestId());
            assertNotEquals(message.messageId(), part.messageId(), "the inbox knows each part by an id of its own");
        }
        assertEquals(message, Chunks.join(data(parts), parts.get(2)));
    }

    @Test
    void theBoundaryIsOneMebibyte() {
        int overhead = message(0).toJson().length;
        int fits = (Chunks.MAX_WHOLE_BYTES - overhead) / 2;
        assertEquals(1, Chunks.split(message(fits)).size());
        assertEquals(5, Chunks.split(message(fits + 1)).size());
    }

    @Test
    void partsThatDoNotMakeTheMessageAreRefused() {
        AgentMessage message = message(700_000);
        List<AgentMessage> parts = Chunks.split(message);
        List<byte[]> swapped = new ArrayList<>(data(parts));
        java.util.Collections.swap(swapped, 0, 1);
        assertThrows(MalformedMessageException.class, () -> Chunks.join(swapped, parts.getFirst()));
        assertThrows(
                MalformedMessageException.class, () -> Chunks.join(data(parts).subList(0, 5), parts.getFirst()));

        AgentMessage first = parts.getFirst();
        AgentMessage otherSender = new AgentMessage(
                first.messageId(),
                "infra-agent-2",
                first.toAgent(),
                first.timestamp(),
                null,
                first.requestId(),
                first.payload());
        assertThrows(MalformedMessageException.class, () -> Chunks.join(data(parts), otherSender));
        AgentMessage otherWork = new AgentMessage(
                first.messageId(),
                first.fromAgent(),
                first.toAgent(),
                first.timestamp(),
                null,
                Ids.next(),
                first.payload());
        assertThrows(MalformedMessageException.class, () -> Chunks.join(data(parts), otherWork));
    }

    @Test
    void whatNobodyWouldMakeIsNoPart() {
        java.util.UUID id = Ids.next();
        for (WorkChunk bad : List.of(
                new WorkChunk("work_result", id, 5, 5, "a", new byte[1]),
                new WorkChunk("work_result", id, -1, 5, "a", new byte[1]),
                new WorkChunk("work_result", id, 0, Chunks.MAX_CHUNKS + 1, "a", new byte[1]),
                new WorkChunk("work_result", id, 0, 2, "a", new byte[Chunks.CHUNK_BYTES + 1]),
                new WorkChunk("work_result", null, 0, 2, "a", new byte[1]))) {
            assertThrows(MalformedMessageException.class, () -> Chunks.check(bad), bad::toString);
        }
        assertThrows(IllegalArgumentException.class, () -> Chunks.split(message(9_000_000)));
    }
}
