package io.skein.orchestrator.session;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a session has come: where its newest plan is.
 *
 * <pre>
 *  intake ──request──► planning ──no question open──► approval ──approve──► execution ──the plan ended──► review
 *                        ▲  ▲                          │                                                    │
 *                        │  └──────────reject──────────┘                                                    │
 *                        └──────────────────────────────the next request────────────────────────────────────┘
 * </pre>
 *
 * <p>Never written: it is read off the newest plan's row, so it moves with the plan in the plan's transaction and cannot differ.
 */
public enum Stage {
    INTAKE,
    PLANNING,
    APPROVAL,
    EXECUTION,
    REVIEW;

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Stage> fromWire(String wire) {
        for (Stage stage : values()) {
            if (stage.wire().equals(wire)) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }
}
