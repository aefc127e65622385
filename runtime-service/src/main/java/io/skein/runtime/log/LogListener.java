package io.skein.runtime.log;

/** Told after the commit that the log has something new. */
public interface LogListener {

    /** Returns at once. */
    void logged();
}
