package io.skein.runtime.task;

import java.util.UUID;
import java.util.concurrent.Callable;

/** One go at a task by one thread: it can be interrupted while it waits for a skill, its schema or a model, and never between. */
final class Flight {

    final UUID task;
    final UUID instance;
    final long fence;
    private Thread thread;
    private boolean interruptible;
    private boolean interrupted;

    Flight(UUID task, UUID instance, long fence) {
        this.task = task;
        this.instance = instance;
        this.fence = fence;
    }

    /** Runs what may take long. What it gave counts for nothing when {@link #isInterrupted} afterwards. */
    <T> T interruptibly(Callable<T> work) throws Exception {
        synchronized (this) {
            thread = Thread.currentThread();
            interruptible = true;
        }
        try {
            return work.call();
        } finally {
            synchronized (this) {
                interruptible = false;
                Thread.interrupted();
            }
        }
    }

    private boolean looked;

    /** True once, unless a step was begun in this go before: then a step that is running was begun by somebody who is gone. */
    boolean isFirstLook() {
        boolean first = !looked;
        looked = true;
        return first;
    }

    void looked() {
        looked = true;
    }

    /** Once; later calls do nothing. */
    synchronized void interrupt() {
        if (!interrupted && interruptible) {
            interrupted = true;
            thread.interrupt();
        }
    }

    synchronized boolean isInterrupted() {
        return interrupted;
    }
}
