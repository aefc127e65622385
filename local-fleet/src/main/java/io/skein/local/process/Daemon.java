package io.skein.local.process;

import java.time.Instant;

/** A process of the table that runs now. */
public record Daemon(String name, long pid, Instant startedAt) {}
