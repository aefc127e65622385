package io.skein.runtime.task;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The states of a task.
 *
 * <pre>
 *             its turn                 something goes on elsewhere, or a person is asked
 *  QUEUED ──────────────► RUNNING ◄──────────────────────────────────────► WAITING
 *    │                      │  │                                              │
 *    │ cancelled, its       │  ├─ its course is at the end ─► SUCCEEDED       │
 *    │ instance stopped     │  └─ a step failed, its time or money is over ─► FAILED
 *    ▼                      │                                                 ▲│
 *  CANCELLED ◄──────────────┴── cancelled, its instance stopped ──────────────┴┘
 * </pre>
 *
 * <p>Invariants: a step's row is written before the step is run, so a step found running after a crash is run again with the same key and
 * no other is; every write carries the fencing number of whoever works for the instance; what a task took is given back before it
 * ends. The end states are final. Crash: the next holder of the instance's lease goes on from the last row.
 */
public enum TaskStatus {
    QUEUED,
    RUNNING,
    WAITING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TaskStatus fromWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    boolean isEnd() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
}
