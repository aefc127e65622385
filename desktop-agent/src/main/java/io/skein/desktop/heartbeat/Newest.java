package io.skein.desktop.heartbeat;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A place for one value between two threads: a newer one replaces it, nothing queues up. */
final class Newest<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private T value;

    void put(T newer) {
        lock.lock();
        try {
            value = newer;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what could not be used, unless something newer came meanwhile. */
    void putBack(T older) {
        lock.lock();
        try {
            if (value == null) {
                value = older;
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a value and takes it. */
    T take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (value == null) {
                filled.await();
            }
            T taken = value;
            value = null;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
