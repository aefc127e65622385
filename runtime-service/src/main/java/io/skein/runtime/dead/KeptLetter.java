package io.skein.runtime.dead;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.platform.messaging.DeadLetter.Verdict;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * A dead letter as it is kept.
 *
 * <pre>
 *  KEPT ──── replay, verdict failed or malformed, whole ──► REPLAYED (stays that: once)
 *    │ delete, or past the retention
 *    ▼
 *  gone
 * </pre>
 *
 * @param queue where it died
 * @param reason what the broker says: {@code rejected}, {@code delivery_limit}; {@code buried} when its reader put it here
 * @param verdict {@code failed}, {@code malformed}, {@code refused} (not its sender's to say) or {@code buried}
 * @param detail what was wrong with it
 * @param sender the broker's user who published it; empty when the broker vouches for nobody
 * @param body the message, or its beginning; empty in lists
 * @param size bytes of the whole message
 * @param replayedBy who gave it back, null while nobody has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeptLetter(
        UUID id,
        String queue,
        String reason,
        @JsonIgnore Verdict kind,
        String detail,
        String exchange,
        String routingKey,
        String sender,
        String messageId,
        String contentType,
        Map<String, String> headers,
        @JsonIgnore byte[] body,
        int size,
        Instant diedAt,
        Instant receivedAt,
        Instant replayedAt,
        String replayedBy) {

    /** As the API says it. */
    public String getVerdict() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Whether it may go back: not when its sender had no right to say it, and not when a part of it is lost. */
    public boolean isReplayable() {
        return replayedAt == null && isWhole() && (kind == Verdict.FAILED || kind == Verdict.MALFORMED);
    }

    @JsonIgnore
    boolean isWhole() {
        return size <= DeadLetterRepository.MAX_KEPT_BYTES;
    }
}
