package io.skein.platform.messaging;

import org.jdbi.v3.core.Handle;

/** A bean that takes the dead letters of the fleet; at most one service has one. Nothing a dead letter says is to be believed. */
public interface DeadLetterConsumer {

    /** Keeps one inside {@code transaction}; once per {@link DeadLetter#key}. Tried again until it succeeds. */
    void handle(Handle transaction, DeadLetter letter) throws Exception;
}
