package io.skein.runtime.instance;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The states of an instance.
 *
 * <pre>
 *              a task begins
 *  start ──► idle ◄────────► running      (both are "active" in the database: its tasks tell them apart)
 *             │ ▲   the last ends │ ▲
 *        pause│ │resume      pause│ │resume
 *             ▼ │                 ▼ │
 *             └────── paused ───────┘
 *             │
 *             │ too many tasks failed in a row
 *             ├──────────► error ──resume──► idle or running
 *             │ stop        │ stop
 *             ▼             ▼
 *             └─► stopped ◄─┘◄── paused
 * </pre>
 *
 * <p>Invariants: no step of a task begins unless its instance is active; paused and error take tasks in and begin none; stopped is
 * final, takes none in, and its unfinished tasks are cancelled. Crash: each arrow is one transaction with its event, so another
 * replica finds the instance as it was left and goes on.
 */
public enum InstanceState {
    IDLE,
    RUNNING,
    PAUSED,
    ERROR,
    STOPPED;

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
