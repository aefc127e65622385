package io.skein.orchestrator.dispatch;

import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.Chunks;
import io.skein.contracts.agent.WorkChunk;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Parts of answers that came, in the table {@code work_chunk}, until the answer is whole. */
@ApplicationScoped
class AnswerParts {

    /** Who has not sent the rest by then does not any more: a part that is lost is a dead letter. */
    private static final Duration KEPT = Duration.ofDays(1);

    @Inject
    Clock clock;

    /** The whole, when this was the last part of it; the parts are forgotten then. */
    Optional<AgentMessage> add(Handle tx, AgentMessage envelope, WorkChunk chunk) {
        Chunks.check(chunk);
        // One at a time, or the last two parts would each see the other missing.
        tx.createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))")
                .bind("key", chunk.ofMessage().toString())
                .mapTo(String.class)
                .findOne();
        tx.createUpdate("""
            INSERT INTO work_chunk (message_id, index, data, at) VALUES (:message, :index, :data, :at)
            ON CONFLICT (message_id, index) DO NOTHING\
            """)
                .bind("message", chunk.ofMessage())
                .bind("index", chunk.index())
                .bind("data", chunk.data())
                .bind("at", clock.instant())
                .execute();
        tx.createUpdate("DELETE FROM work_chunk WHERE at < :old")
                .bind("old", clock.instant().minus(KEPT))
                .execute();
        int there = tx.createQuery("SELECT count(*) FROM work_chunk WHERE message_id = :message")
                .bind("message", chunk.ofMessage())
                .mapTo(Integer.class)
                .one();
        if (there < chunk.count()) {
            return Optional.empty();
        }
        List<byte[]> parts = tx.createQuery("SELECT data FROM work_chunk WHERE message_id = :message ORDER BY index")
                .bind("message", chunk.ofMessage())
                .mapTo(byte[].class)
                .list();
        tx.execute("DELETE FROM work_chunk WHERE message_id = ?", chunk.ofMessage());
        return Optional.of(Chunks.join(parts, envelope));
    }
}
