package io.skein.runtime.webhook;

import java.util.Locale;

/** Why a delivery was not taken; the sender of one that is not proven is not told. */
enum Refusal {
    /** There is no such webhook. */
    UNKNOWN,
    DISABLED,
    /** No signature or bearer token at all, or two of them. */
    UNSIGNED,
    /** Signed too long ago, or with a clock that is wrong. */
    STALE,
    SIGNATURE,
    /** Proven, and not what this format sends. */
    UNREADABLE,
    /** Proven, and too many in this minute. */
    RATE;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
