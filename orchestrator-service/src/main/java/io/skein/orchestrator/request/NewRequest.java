package io.skein.orchestrator.request;

import io.skein.contracts.event.Priority;
import io.skein.platform.problem.ProblemException;
import java.util.Locale;
import java.util.UUID;

/**
 * The body of {@code POST /api/v1/requests}.
 *
 * @param text what to do, 1..8000 characters
 * @param priority critical, high, normal (default) or low
 * @param sessionId the session it belongs to; a new one otherwise
 * @param highValue worth a better model, when one is configured
 * @param inventory use this one
 * @param allowDuplicate plan it even though the same request is under way
 */
public record NewRequest(
        String text, String priority, String sessionId, Boolean highValue, String inventory, Boolean allowDuplicate) {

    static final int MAX_TEXT = 8000;
    private static final int MAX_INVENTORY = 500;

    /** @throws ProblemException validation_failed, naming the field */
    void check() {
        if (text == null || text.isBlank()) {
            throw ProblemException.invalid("text", "is empty; say what to do");
        }
        if (text.strip().length() > MAX_TEXT) {
            throw ProblemException.invalid("text", "must be at most " + MAX_TEXT + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = c == '\n' || c == '\t' || c == '\r';
            boolean halfPair = Character.isHighSurrogate(c)
                            && (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1)))
                    || Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
            if (Character.isISOControl(c) && !allowed || halfPair || c == '\uFFFE' || c == '\uFFFF') {
                throw ProblemException.invalid(
                        "text", "is not plain text: character " + (i + 1) + " is U+" + String.format("%04X", (int) c));
            }
        }
        if (text.codePoints().noneMatch(Character::isLetterOrDigit)) {
            throw ProblemException.invalid("text", "has no words in it; say what to do");
        }
        if (inventory != null && inventory.length() > MAX_INVENTORY) {
            throw ProblemException.invalid("inventory", "must be at most " + MAX_INVENTORY + " characters");
        }
        priorityOrDefault();
        session();
    }

    String cleanText() {
        return text.strip().replace("\r\n", "\n").replace('\r', '\n');
    }

    /** Two requests are the same when only case, spaces and the last punctuation differ. */
    String textKey() {
        return cleanText().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").replaceAll("[\\s.!?]+$", "");
    }

    Priority priorityOrDefault() {
        if (priority == null) {
            return Priority.NORMAL;
        }
        try {
            return Priority.fromWire(priority);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("priority", "must be critical, high, normal or low");
        }
    }

    UUID session() {
        if (sessionId == null || sessionId.isBlank()) {
            return null;
        }
        try {
            return UUID.fromString(sessionId);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("sessionId", "is no id");
        }
    }
}
