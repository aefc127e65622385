package io.skein.frontdoor.throttle;

/** Counts attempts. Counting and asking is one step, or parallel guesses would all see the count before them. */
interface AttemptStore {

    /** Failures are forgotten after this long without another. */
    long WINDOW_MILLIS = 900_000;

    /** Counts one attempt and gives 0, or the milliseconds to wait when it may not be made now (and is not counted). */
    long attempt(Limit limit);

    /** Forgets the attempts, or takes one back where the limit is not reset by a success. */
    void succeeded(Limit limit);
}
